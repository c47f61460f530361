export type Language = 'ko' | 'en';

const en = {
  notice: 'Sandbox: no money moves here.',
  checkout: 'Checkout',
  once: 'once',
  month: 'a month',
  year: 'a year',
  chooseCard: 'Choose a test card',
  paid: 'Works',
  declined: 'Is declined',
  three_d_secure: 'Needs a confirmation by the bank (3-D Secure)',
  disputed: 'Works; the payment is disputed a week later',
  pay: 'Pay',
  wasDeclined: 'The card was declined. Choose another one.',
  bank: 'Your bank asks',
  bankQuestion: 'Do you want to make this payment?',
  approve: 'Yes, pay',
  refuse: 'No',
  thanks: 'Thank you. The payment has arrived.',
  back: 'Back to the shop',
  portal: 'Your subscriptions',
  noSubscriptions: 'There are no subscriptions.',
  renews: 'Renews on',
  ends: 'Ends on',
  cancel: 'Cancel at the end of the period',
  resume: 'Keep the subscription',
  useCard: 'Use this card from now on',
  card: 'Payment method',
  invoices: 'Invoices',
  invoice: 'Invoice',
  order: 'Receipt',
  total: 'Total',
  refunded: 'Given back',
  date: 'Date',
  status: 'Status',
  expired: 'This link is no longer valid. Open it again from the shop.',
};

const ko: typeof en = {
  notice: '샌드박스입니다. 실제 돈은 오가지 않습니다.',
  checkout: '결제',
  once: '한 번',
  month: '매월',
  year: '매년',
  chooseCard: '테스트 카드를 고르세요',
  paid: '정상 결제',
  declined: '거절됨',
  three_d_secure: '은행 확인 필요 (3-D Secure)',
  disputed: '정상 결제, 일주일 뒤 이의 제기',
  pay: '결제하기',
  wasDeclined: '카드가 거절되었습니다. 다른 카드를 고르세요.',
  bank: '은행 확인',
  bankQuestion: '이 결제를 진행할까요?',
  approve: '네, 결제합니다',
  refuse: '아니요',
  thanks: '감사합니다. 결제가 완료되었습니다.',
  back: '상점으로 돌아가기',
  portal: '구독 관리',
  noSubscriptions: '구독이 없습니다.',
  renews: '다음 결제일',
  ends: '종료일',
  cancel: '기간이 끝나면 해지',
  resume: '구독 유지하기',
  useCard: '앞으로 이 카드 사용',
  card: '결제 수단',
  invoices: '청구서',
  invoice: '청구서',
  order: '영수증',
  total: '합계',
  refunded: '환불',
  date: '날짜',
  status: '상태',
  expired: '더 이상 쓸 수 없는 링크입니다. 상점에서 다시 열어 주세요.',
};

export const words: Record<Language, typeof en> = { ko, en };

/** The first of the two that the reader prefers; English when they say neither. `wanted` goes before the browser's header. */
export function chooseLanguage(wanted: string | null, header: string): Language {
  for (const part of [wanted ?? '', ...header.split(',')]) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (language === 'ko' || language === 'en') return language;
  }
  return 'en';
}
