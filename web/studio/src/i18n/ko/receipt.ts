/** What a job cost and why. */
export const receipt = {
  receipt: '영수증',
  total: '합계',
  released: '예약했던 {{credits}} 크레딧은 돌려드렸어요',
  freeParts: '불러오기와 업로드는 무료예요',
  gpuSeconds: 'GPU {{seconds}}초',
  apiCall: 'API 호출 {{count}}번',
  phase_load: '불러오기',
  phase_encode: '이해하기',
  phase_denoise: '그리기',
  phase_decode: '펼치기',
  phase_upload: '업로드',
  paidFrom: '{{kind}}에서 {{credits}}',
};
