import type { ProblemCode } from '#platform/errors.ts';
import type { Language } from './language.ts';

type Words = { title: string; detail: string };

/** What a caller reads: `title` says what happened, `detail` what to do next. `{name}` is replaced by the fact of that name. */
export const problemWords: Record<ProblemCode, Record<Language, Words>> = {
  invalid_request: {
    en: { title: 'The request is not valid', detail: 'Correct the fields named in `errors` and send it again.' },
    ko: { title: '요청이 올바르지 않아요', detail: '`errors`에 적힌 항목을 고쳐서 다시 보내세요.' },
  },
  malformed_request: {
    en: { title: 'The request cannot be read', detail: 'Send well-formed JSON in UTF-8.' },
    ko: { title: '요청을 읽을 수 없어요', detail: 'UTF-8로 된 올바른 JSON을 보내세요.' },
  },
  unsupported_media_type: {
    en: {
      title: 'This content type is not accepted',
      detail: 'Send `Content-Type: application/json`, or `multipart/form-data` for uploads.',
    },
    ko: {
      title: '지원하지 않는 콘텐츠 형식이에요',
      detail: '`Content-Type: application/json`으로, 업로드는 `multipart/form-data`로 보내세요.',
    },
  },
  payload_too_large: {
    en: { title: 'The request is too large', detail: 'Send at most 256 kB of JSON, or a file of at most 20 MB.' },
    ko: { title: '요청이 너무 커요', detail: 'JSON은 256 kB, 파일은 20 MB 이하로 보내세요.' },
  },
  misdirected_request: {
    en: {
      title: 'This server is not the host you asked for',
      detail: 'Use the address of the service as it was given to you.',
    },
    ko: { title: '요청한 호스트는 이 서버가 아니에요', detail: '안내받은 서비스 주소를 사용하세요.' },
  },
  unauthenticated: {
    en: {
      title: 'You are not signed in',
      detail: 'Sign in, or send `Authorization: Bearer` with a valid API key or access token.',
    },
    ko: {
      title: '로그인이 필요해요',
      detail: '로그인하거나 유효한 API 키 또는 액세스 토큰을 `Authorization: Bearer`로 보내세요.',
    },
  },
  invalid_credentials: {
    en: { title: 'E-mail or password is wrong', detail: 'Check both and try again, or reset the password.' },
    ko: { title: '이메일 또는 비밀번호가 틀렸어요', detail: '다시 확인하거나 비밀번호를 재설정하세요.' },
  },
  totp_required: {
    en: {
      title: 'A one-time code is needed',
      detail: 'Send a fresh code of your authenticator app, or a recovery code, as `totp`; each works once.',
    },
    ko: {
      title: '일회용 코드가 필요해요',
      detail: '인증 앱의 새 코드나 복구 코드를 `totp`로 보내세요. 코드는 한 번만 쓸 수 있어요.',
    },
  },
  invalid_refresh_token: {
    en: { title: 'The refresh token is no longer valid', detail: 'Sign in again.' },
    ko: { title: '갱신 토큰이 더 이상 유효하지 않아요', detail: '다시 로그인하세요.' },
  },
  refresh_in_progress: {
    en: { title: 'This token has just been refreshed', detail: 'Use the tokens of the other answer.' },
    ko: { title: '방금 갱신된 토큰이에요', detail: '다른 응답에서 받은 토큰을 사용하세요.' },
  },
  origin_not_allowed: {
    en: { title: 'This page may not act for you', detail: 'Call from the web app itself, or use an API key.' },
    ko: { title: '이 페이지에서는 실행할 수 없어요', detail: '웹 앱에서 직접 호출하거나 API 키를 사용하세요.' },
  },
  email_not_verified: {
    en: {
      title: 'Your e-mail address is not verified',
      detail: 'Open the link in the mail we sent you, then try again.',
    },
    ko: { title: '이메일 주소가 확인되지 않았어요', detail: '보내드린 메일의 링크를 연 뒤 다시 시도하세요.' },
  },
  key_lacks_scope: {
    en: { title: 'This API key may not do that', detail: 'Use a key with the scope `{scope}`.' },
    ko: { title: '이 API 키로는 할 수 없어요', detail: '`{scope}` 권한이 있는 키를 사용하세요.' },
  },
  session_required: {
    en: {
      title: 'An API key cannot do that',
      detail: 'Sign in as a person; keys never manage keys, members, billing or the account.',
    },
    ko: {
      title: 'API 키로는 할 수 없어요',
      detail: '직접 로그인하세요. 키, 구성원, 결제, 계정은 API 키로 관리할 수 없어요.',
    },
  },
  role_not_allowed: {
    en: { title: 'Your role does not allow that', detail: 'Ask an owner or admin of the workspace.' },
    ko: { title: '권한이 없는 역할이에요', detail: '워크스페이스의 소유자나 관리자에게 요청하세요.' },
  },
  plan_has_no_api: {
    en: { title: 'Your plan has no API calls', detail: 'Upgrade to Starter or higher to generate with an API key.' },
    ko: {
      title: '현재 요금제에는 API 호출이 없어요',
      detail: 'API 키로 생성하려면 Starter 이상으로 업그레이드하세요.',
    },
  },
  api_calls_exhausted: {
    en: { title: 'The API calls of this month are used up', detail: 'Wait until {resets_at}, or upgrade the plan.' },
    ko: { title: '이번 달 API 호출을 모두 사용했어요', detail: '{resets_at}까지 기다리거나 요금제를 올리세요.' },
  },
  model_not_allowed: {
    en: {
      title: 'Your plan does not include this model',
      detail: 'Choose a model from GET /api/v1/models, or upgrade the plan.',
    },
    ko: {
      title: '현재 요금제에서 쓸 수 없는 모델이에요',
      detail: 'GET /api/v1/models의 모델을 고르거나 요금제를 올리세요.',
    },
  },
  workspace_suspended: {
    en: {
      title: 'The workspace is suspended',
      detail: 'Your work stays readable. Write to support to lift the suspension.',
    },
    ko: {
      title: '워크스페이스가 정지됐어요',
      detail: '작업물은 계속 볼 수 있어요. 해제하려면 고객 지원에 문의하세요.',
    },
  },
  storage_exhausted: {
    en: { title: 'Your storage is full', detail: 'Delete images for good, or upgrade the plan.' },
    ko: { title: '저장 공간이 가득 찼어요', detail: '이미지를 완전히 삭제하거나 요금제를 올리세요.' },
  },
  seats_exhausted: {
    en: {
      title: 'The workspace has no free seat',
      detail: 'Upgrade the plan, or remove a member or an open invitation. Members allowed: {members_max}.',
    },
    ko: {
      title: '워크스페이스에 남은 자리가 없어요',
      detail: '요금제를 올리거나 구성원 또는 대기 중인 초대를 삭제하세요. 허용 인원: {members_max}명.',
    },
  },
  invitation_not_yours: {
    en: {
      title: 'The invitation is for another address',
      detail: 'Sign in with the address the invitation was sent to, or ask for a new one.',
    },
    ko: {
      title: '다른 주소로 보낸 초대예요',
      detail: '초대를 받은 이메일 주소로 로그인하거나 새 초대를 요청하세요.',
    },
  },
  not_found: {
    en: { title: 'There is no such thing', detail: 'Check the address and the id.' },
    ko: { title: '찾을 수 없어요', detail: '주소와 ID를 확인하세요.' },
  },
  model_not_found: {
    en: { title: 'There is no such model', detail: 'Choose one from GET /api/v1/models.' },
    ko: { title: '없는 모델이에요', detail: 'GET /api/v1/models에서 고르세요.' },
  },
  image_not_found: {
    en: { title: 'There is no such image', detail: 'Upload the image first, or check its id.' },
    ko: { title: '없는 이미지예요', detail: '먼저 업로드하거나 ID를 확인하세요.' },
  },
  method_not_allowed: {
    en: { title: 'This method is not allowed here', detail: 'Use one of the methods in the header `Allow`.' },
    ko: { title: '허용되지 않는 메서드예요', detail: '`Allow` 헤더의 메서드를 사용하세요.' },
  },
  credits_held: {
    en: {
      title: 'Running jobs hold the credits this one needs',
      detail:
        'Wait until a job ends ({held} credits are held), or buy credits. Needed: {needed}, available: {available}.',
    },
    ko: {
      title: '필요한 크레딧을 진행 중인 작업이 잡고 있어요',
      detail:
        '작업이 끝나기를 기다리거나({held} 크레딧 보류 중) 크레딧을 구매하세요. 필요: {needed}, 사용 가능: {available}.',
    },
  },
  credits_exhausted: {
    en: {
      title: 'Not enough credits',
      detail:
        'Buy credits or upgrade the plan; the month renews at {resets_at}. Needed: {needed}, available: {available}.',
    },
    ko: {
      title: '크레딧이 부족해요',
      detail: '크레딧을 구매하거나 요금제를 올리세요. {resets_at}에 갱신돼요. 필요: {needed}, 사용 가능: {available}.',
    },
  },
  key_budget_exhausted: {
    en: {
      title: 'The budget of this API key is used up',
      detail: 'Raise the monthly budget of the key, or wait until {resets_at}.',
    },
    ko: {
      title: '이 API 키의 예산을 모두 사용했어요',
      detail: '키의 월 예산을 올리거나 {resets_at}까지 기다리세요.',
    },
  },
  member_budget_exhausted: {
    en: {
      title: 'Your budget in this workspace is used up',
      detail: 'Ask an owner or admin to raise your monthly budget, or wait until {resets_at}.',
    },
    ko: {
      title: '이 워크스페이스에서 쓸 수 있는 예산을 모두 사용했어요',
      detail: '소유자나 관리자에게 월 예산을 올려 달라고 요청하거나 {resets_at}까지 기다리세요.',
    },
  },
  quote_expired: {
    en: { title: 'The quote has expired', detail: 'Ask for a new one at POST /api/v1/quotes.' },
    ko: { title: '견적이 만료됐어요', detail: 'POST /api/v1/quotes에서 새 견적을 받으세요.' },
  },
  quote_mismatch: {
    en: {
      title: 'The quote is for another request',
      detail: 'Ask for a quote of exactly this request, or leave `quote_id` out.',
    },
    ko: { title: '다른 요청의 견적이에요', detail: '이 요청 그대로 견적을 받거나 `quote_id`를 빼세요.' },
  },
  job_not_ended: {
    en: { title: 'The job has not ended', detail: 'Cancel it and wait until it has ended, then delete it.' },
    ko: { title: '아직 끝나지 않은 작업이에요', detail: '취소한 뒤 작업이 끝나면 삭제하세요.' },
  },
  already_member: {
    en: { title: 'This person is a member already', detail: 'Change the role in the list of members.' },
    ko: { title: '이미 구성원이에요', detail: '구성원 목록에서 역할을 변경하세요.' },
  },
  last_owner: {
    en: { title: 'The workspace needs an owner', detail: 'Make somebody else an owner first.' },
    ko: { title: '워크스페이스에는 소유자가 필요해요', detail: '먼저 다른 사람을 소유자로 지정하세요.' },
  },
  unpaid_workspace_exists: {
    en: {
      title: 'You have a workspace that waits for its plan',
      detail: 'Choose a plan for it before you make another one.',
    },
    ko: {
      title: '아직 요금제를 선택하지 않은 워크스페이스가 있어요',
      detail: '그 워크스페이스의 요금제를 먼저 선택한 뒤 새로 만드세요.',
    },
  },
  idempotency_in_progress: {
    en: {
      title: 'The same call is still running',
      detail: 'Send it again in a moment with the same `Idempotency-Key`.',
    },
    ko: { title: '같은 호출이 아직 처리 중이에요', detail: '잠시 뒤 같은 `Idempotency-Key`로 다시 보내세요.' },
  },
  idempotency_key_reused: {
    en: { title: 'This Idempotency-Key belongs to another request', detail: 'Use a new key for a new request.' },
    ko: { title: '다른 요청에 쓰인 Idempotency-Key예요', detail: '새 요청에는 새 키를 사용하세요.' },
  },
  unsupported_image: {
    en: {
      title: 'This file is not an image we can use',
      detail: 'Send a PNG, JPEG or WEBP of at most 16.8 megapixels.',
    },
    ko: { title: '사용할 수 없는 이미지 파일이에요', detail: '1,680만 화소 이하의 PNG, JPEG, WEBP를 보내세요.' },
  },
  webhook_not_verified: {
    en: { title: 'The signature is not right', detail: 'Sign the raw body with the secret of this webhook.' },
    ko: { title: '서명이 올바르지 않아요', detail: '이 웹훅의 비밀키로 원본 본문에 서명하세요.' },
  },
  already_subscribed: {
    en: { title: 'This workspace has a plan already', detail: 'Change the plan instead of buying a second one.' },
    ko: { title: '이미 구독 중인 워크스페이스예요', detail: '새로 구독하지 말고 요금제를 변경하세요.' },
  },
  no_subscription: {
    en: { title: 'There is no subscription to do this with', detail: 'Subscribe to a plan first.' },
    ko: { title: '구독 중인 요금제가 없어요', detail: '먼저 요금제를 구독하세요.' },
  },
  same_product: {
    en: { title: 'You have this plan already', detail: 'Choose another plan or another interval.' },
    ko: { title: '이미 사용 중인 요금제예요', detail: '다른 요금제나 결제 주기를 고르세요.' },
  },
  plan_change_pending: {
    en: {
      title: 'A change of plan is waiting already',
      detail: 'Wait until it has taken effect, or take it back first (`DELETE /api/v1/billing/change`).',
    },
    ko: {
      title: '이미 예약된 요금제 변경이 있어요',
      detail: '적용될 때까지 기다리거나 먼저 취소하세요(`DELETE /api/v1/billing/change`).',
    },
  },
  payment_refused: {
    en: {
      title: 'The payment provider refused this',
      detail: 'Nothing was changed. Check the card in the customer portal, then try again.',
    },
    ko: {
      title: '결제 서비스가 요청을 거절했어요',
      detail: '변경된 것은 없어요. 고객 포털에서 카드를 확인한 뒤 다시 시도하세요.',
    },
  },
  payments_not_offered: {
    en: { title: 'Nothing is sold here', detail: 'Ask the operator of this service about plans and credits.' },
    ko: { title: '여기서는 결제할 수 없어요', detail: '요금제와 크레딧은 서비스 운영자에게 문의하세요.' },
  },
  payments_unavailable: {
    en: { title: 'The payment provider does not answer', detail: 'Nothing was changed. Try again in a minute.' },
    ko: { title: '결제 서비스가 응답하지 않아요', detail: '변경된 것은 없어요. 잠시 뒤 다시 시도하세요.' },
  },
  webhook_refused: {
    en: {
      title: 'This event is not accepted',
      detail: 'Send the events of the configured shop, in the same mode (test or live).',
    },
    ko: {
      title: '받아들일 수 없는 이벤트예요',
      detail: '설정된 상점의 이벤트를 같은 모드(테스트 또는 실제)로 보내세요.',
    },
  },
  rate_limited: {
    en: { title: 'Too many requests', detail: 'Wait {retry_after} seconds, then try again.' },
    ko: { title: '요청이 너무 많아요', detail: '{retry_after}초 뒤에 다시 시도하세요.' },
  },
  queue_full: {
    en: {
      title: 'Too many of your jobs are waiting',
      detail: 'Wait until some have ended; at most {waiting_max} may wait.',
    },
    ko: {
      title: '대기 중인 작업이 너무 많아요',
      detail: '일부가 끝날 때까지 기다리세요. 최대 {waiting_max}개까지 대기할 수 있어요.',
    },
  },
  internal_error: {
    en: {
      title: 'Something went wrong on our side',
      detail: 'Try again. If it happens again, tell support the `request_id`.',
    },
    ko: {
      title: '서버에 문제가 생겼어요',
      detail: '다시 시도하세요. 반복되면 `request_id`를 고객 지원에 알려 주세요.',
    },
  },
  service_unavailable: {
    en: { title: 'The service is not available right now', detail: 'Try again in a few seconds.' },
    ko: { title: '지금은 서비스를 이용할 수 없어요', detail: '몇 초 뒤 다시 시도하세요.' },
  },
  engine_unavailable: {
    en: {
      title: 'No engine can serve this request',
      detail: 'Choose another model from GET /api/v1/models whose `available` is true.',
    },
    ko: {
      title: '이 요청을 처리할 엔진이 없어요',
      detail: 'GET /api/v1/models에서 `available`이 true인 다른 모델을 고르세요.',
    },
  },
};
