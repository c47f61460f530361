/** Words that every screen uses: states, refusals, buttons. */
export const common = {
  loading: '불러오는 중',
  retry: '다시 불러오기',
  close: '닫기',
  copied: '복사했어요.',
  unlimited: '무제한',
  offline: '연결하지 못했어요. 잠시 뒤에 다시 해 주세요.',
  offlineNow: '지금은 인터넷에 연결되어 있지 않아요. 연결되면 이어서 할게요.',
  notAccepted: '이 내용으로는 할 수 없어요. 입력한 값을 확인해 주세요.',
  requestId: '요청 번호 {{id}}',
  copyRequestId: '요청 번호 복사',
  broken: '화면을 그리지 못했어요.',
  brokenHint: '새로 고치면 대부분 돌아와요.',
  reload: '새로 고침',
  lost: '여기에는 아무것도 없어요.',
  lostHint: '주소가 바뀌었거나 처음부터 없던 페이지예요.',
  toStart: '처음으로 가기',
};
