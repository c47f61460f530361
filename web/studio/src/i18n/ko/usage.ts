export const usage = {
  title: '사용량',
  left: '쓸 수 있는 크레딧',
  held: '진행 중인 작업에 {{held}} 크레딧이 예약되어 있어요.',
  resets: '{{date}}에 이번 달 크레딧이 새로 들어와요.',
  used: '이번 달에 {{credits}} 크레딧을 썼어요.',
  grants: '크레딧 묶음',
  grantsHint: '위에서부터 차례로 써요.',
  remaining: '{{granted}} 중 {{remaining}} 남음',
  until: '{{date}}까지',
  forever: '기한 없음',
  noGrants: '받은 크레딧이 없어요.',
};
