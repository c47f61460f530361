import type { Language } from '#platform/http/language.ts';
import { renderMail, type RenderedMail } from './render-mail.ts';

export type AccountMailKind =
  | 'verification'
  | 'reset'
  | 'address_taken'
  | 'second_factor_attacked'
  | 'deletion_asked'
  | 'change_address_old'
  | 'change_address_new';

/** What an account mail says, in the reader's language. It carries no words of the person who asked for it: anyone can type anyone's address. */
export function accountMail(kind: AccountMailKind, language: Language, link: string): RenderedMail {
  return renderMail({ ...words[kind][language], language, link });
}

type Words = { subject: string; paragraphs: string[]; action: string; after: string };

const words: Record<AccountMailKind, Record<Language, Words>> = {
  verification: {
    en: {
      subject: 'Confirm your address for PingvasAI',
      paragraphs: ['Somebody, hopefully you, made an account at PingvasAI with this address and chose a password.'],
      action: 'Confirm this address',
      after:
        'The link works for one hour. If it was not you, do not open it: the account stays closed and you need do nothing.',
    },
    ko: {
      subject: 'PingvasAI 이메일 주소를 확인해 주세요',
      paragraphs: [
        '이 주소로 PingvasAI 계정이 만들어지고 비밀번호가 설정됐어요. 본인이 맞다면 아래에서 주소를 확인해 주세요.',
      ],
      action: '이메일 주소 확인',
      after: '링크는 1시간 동안 유효해요. 본인이 아니라면 열지 마세요. 계정은 닫힌 채로 남으며 따로 할 일은 없어요.',
    },
  },
  reset: {
    en: {
      subject: 'Set a new password for PingvasAI',
      paragraphs: ['Somebody, hopefully you, asked for a new password for the account with this address.'],
      action: 'Set a new password',
      after: 'The link works once, for one hour. If it was not you, ignore this mail: your password stays as it is.',
    },
    ko: {
      subject: 'PingvasAI 비밀번호를 다시 설정해 주세요',
      paragraphs: [
        '이 주소의 계정에 대해 비밀번호 재설정 요청이 있었어요. 본인이 요청했다면 아래에서 새 비밀번호를 설정해 주세요.',
      ],
      action: '새 비밀번호 설정',
      after: '링크는 1시간 동안 한 번만 쓸 수 있어요. 요청하지 않았다면 이 메일을 무시하세요. 비밀번호는 그대로예요.',
    },
  },
  address_taken: {
    en: {
      subject: 'You already have an account at PingvasAI',
      paragraphs: [
        'Somebody, hopefully you, signed up with this address. It already has an account, and nothing was changed.',
      ],
      action: 'Sign in',
      after: 'Forgotten the password? Ask for a new one on the same page. If it was not you, ignore this mail.',
    },
    ko: {
      subject: '이미 PingvasAI 계정이 있어요',
      paragraphs: ['이 주소로 가입 시도가 있었어요. 이미 계정이 있으므로 바뀐 것은 없어요.'],
      action: '로그인',
      after: '비밀번호를 잊었다면 같은 페이지에서 재설정할 수 있어요. 본인이 아니라면 이 메일을 무시하세요.',
    },
  },
  second_factor_attacked: {
    en: {
      subject: 'Somebody is guessing codes of your PingvasAI account',
      paragraphs: [
        'Twenty wrong codes were entered for your account within 24 hours. Whoever did it knows your password. The second factor held; signing in with a code is closed for up to a day.',
      ],
      action: 'Set a new password',
      after: 'If it was you, wait and try again later.',
    },
    ko: {
      subject: 'PingvasAI 계정의 인증 코드를 누군가 추측하고 있어요',
      paragraphs: [
        '24시간 동안 잘못된 인증 코드가 20번 입력됐어요. 입력한 사람은 비밀번호를 알고 있어요. 2단계 인증이 막았으며, 최대 하루 동안 코드로 로그인할 수 없어요.',
      ],
      action: '새 비밀번호 설정',
      after: '본인이 입력했다면 나중에 다시 시도해 주세요.',
    },
  },
  deletion_asked: {
    en: {
      subject: 'Your PingvasAI account will be deleted',
      paragraphs: [
        'Somebody who is signed in and knows your password asked to delete your account. It will be deleted in 14 days, with your images and credits. Until then everything works as before.',
      ],
      action: 'Keep my account',
      after:
        'The button leads to your account, where the deletion can be taken back. If it was not you, take it back and set a new password.',
    },
    ko: {
      subject: 'PingvasAI 계정이 삭제될 예정이에요',
      paragraphs: [
        '로그인한 사용자가 비밀번호를 입력하고 계정 삭제를 요청했어요. 14일 뒤에 이미지와 크레딧까지 함께 삭제돼요. 그때까지는 그대로 쓸 수 있어요.',
      ],
      action: '계정 유지하기',
      after:
        '버튼을 누르면 계정 화면에서 삭제를 취소할 수 있어요. 본인이 요청하지 않았다면 취소하고 비밀번호를 바꿔 주세요.',
    },
  },
  change_address_old: {
    en: {
      subject: 'Another address for your PingvasAI account',
      paragraphs: [
        'Somebody who is signed in and knows your password asked to move your account to another address. It moves only after you agree here and the new address is confirmed.',
      ],
      action: 'Agree to the new address',
      after: 'The link works for one hour. If it was not you, do not open it and set a new password.',
    },
    ko: {
      subject: 'PingvasAI 계정의 이메일 주소 변경 요청',
      paragraphs: [
        '로그인한 사용자가 비밀번호를 입력하고 계정의 이메일 주소 변경을 요청했어요. 여기서 동의하고 새 주소가 확인된 뒤에만 변경돼요.',
      ],
      action: '주소 변경에 동의',
      after: '링크는 1시간 동안 유효해요. 본인이 아니라면 열지 말고 비밀번호를 바꿔 주세요.',
    },
  },
  change_address_new: {
    en: {
      subject: 'Confirm your new address for PingvasAI',
      paragraphs: ['Somebody, hopefully you, wants to use this address for an account at PingvasAI.'],
      action: 'Confirm this address',
      after: 'The link works for one hour. If it was not you, ignore this mail.',
    },
    ko: {
      subject: 'PingvasAI에서 쓸 새 주소를 확인해 주세요',
      paragraphs: ['이 주소를 PingvasAI 계정에 사용하려는 요청이 있었어요.'],
      action: '이메일 주소 확인',
      after: '링크는 1시간 동안 유효해요. 요청하지 않았다면 이 메일을 무시하세요.',
    },
  },
};
