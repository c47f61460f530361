import type { Language } from '#platform/http/language.ts';
import { renderMail, type RenderedMail } from './render-mail.ts';

export type InvitationFacts = { inviterEmail: string; link: string };

/**
 * What somebody reads who is invited to a workspace. It names the inviter by their proven address and nothing they could choose: the workspace's name would
 * let anyone write words to anyone.
 */
export function invitationMail(language: Language, { inviterEmail, link }: InvitationFacts): RenderedMail {
  const words = {
    en: {
      subject: 'You are invited to a workspace at PingvasAI',
      paragraphs: [`${inviterEmail} invites you to make images together in a workspace at PingvasAI.`],
      action: 'Join the workspace',
      after:
        'The link works for seven days, for the account with this address. If you do not know the sender, ignore this mail.',
    },
    ko: {
      subject: 'PingvasAI 워크스페이스에 초대받았어요',
      paragraphs: [`${inviterEmail} 님이 PingvasAI 워크스페이스에서 함께 이미지를 만들자고 초대했어요.`],
      action: '워크스페이스 참여',
      after: '링크는 7일 동안 이 주소의 계정에서만 쓸 수 있어요. 보낸 사람을 모른다면 이 메일을 무시하세요.',
    },
  };
  return renderMail({ ...words[language], language, link });
}

export type BudgetFacts = {
  kind: 'key' | 'member';
  /** How the key begins, or the member's address. */
  whose: string;
  workspace: string;
  /** Per cent. */
  threshold: 50 | 80 | 100;
  link: string;
};

/** What the people of a workspace read when a budget is used by a share. It goes to members only, so it may name what they named. */
export function budgetMail(language: Language, { kind, whose, workspace, threshold, link }: BudgetFacts): RenderedMail {
  const isUsedUp = threshold === 100;
  const en = `${kind === 'key' ? 'API key' : 'member'} ${whose}`;
  const ko = `${kind === 'key' ? 'API 키' : '구성원'} ${whose}`;
  const words = {
    en: {
      subject: isUsedUp ? 'A monthly budget is used up' : `${threshold} % of a monthly budget is used`,
      paragraphs: [
        isUsedUp
          ? `The monthly credit budget of ${en} in the workspace “${workspace}” is used up. Further jobs are refused until it is raised or the month ends.`
          : `${threshold} % of the monthly credit budget of ${en} in the workspace “${workspace}” is used.`,
      ],
      action: 'Open PingvasAI',
      after: 'Owners and admins can change budgets at any time. This mail is sent once a month for each share.',
    },
    ko: {
      subject: isUsedUp ? '월 예산을 모두 사용했어요' : `월 예산의 ${threshold}%를 사용했어요`,
      paragraphs: [
        isUsedUp
          ? `워크스페이스 “${workspace}”에서 ${ko}의 월 크레딧 예산을 모두 사용했어요. 예산을 올리거나 달이 바뀔 때까지 새 작업은 거절돼요.`
          : `워크스페이스 “${workspace}”에서 ${ko}의 월 크레딧 예산 중 ${threshold}%를 사용했어요.`,
      ],
      action: 'PingvasAI 열기',
      after: '예산은 소유자와 관리자가 언제든지 바꿀 수 있어요. 이 메일은 비율마다 한 달에 한 번 보내요.',
    },
  };
  return renderMail({ ...words[language], language, link });
}
