export const landing = {
  title: '말로 그리는 이미지',
  tagline: '떠오르는 말을 이미지로.',
  intro: '프롬프트를 쓰면 GPU가 그려요. 쓴 시간만큼만 크레딧을 내고, 영수증으로 확인해요.',
  start: '무료로 시작하기',
};
