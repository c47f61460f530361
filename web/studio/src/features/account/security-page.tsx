import { AccountFrame } from './account-frame.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';

/** What keeps others out: the second factor, the password, the places where one is signed in. */
export function SecurityPage() {
  return (
    <AccountFrame>
      <SecondFactor />
      <PasswordForm />
      <Sessions />
    </AccountFrame>
  );
}
