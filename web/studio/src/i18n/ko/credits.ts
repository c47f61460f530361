/** Kinds of credits, on receipts and in the account. */
export const credits = {
  grant_plan: '이번 달 크레딧',
  grant_promotional: '선물 크레딧',
  grant_purchase: '산 크레딧',
  grant_contract: '계약 크레딧',
};
