import type { auth as ko } from '../ko/auth.ts';

export const auth: typeof ko = {
  signIn: 'Sign in',
  signUp: 'Sign up',
  continueWith: 'Continue with {{provider}}',
  email: 'E-mail',
  password: 'Password',
  passwordHint: 'At least 10 characters',
  name: 'Name',
  toSignUp: 'New here? Sign up',
  toSignIn: 'Have an account? Sign in',
  forgot: 'Forgot your password?',
  resetSent: 'If the address is right, a reset mail is on its way.',
  checkMail: 'We sent a mail to {{email}}. Follow its link and 100 free credits arrive.',
  devMailbox: 'Open the development mailbox',
  wrongPassword: 'The e-mail or the password is not right.',
  notVerified: 'This address is not verified yet. Follow the link in our mail.',
  addressTaken: 'That did not work. Check what you entered.',
  tooMany: 'Too many tries. Wait a moment.',
  offline: 'No connection. Try again in a moment.',
};
