/**
 * The words that say how things are drawn, not what: colours, numbers, grounds, styles, connections, and words that mean nothing to a picture.
 * In English, Korean, Japanese and Chinese.
 */

/** In the order of the model's table; row 0 of the table is "no colour". */
const HUES = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white', 'grey'] as const;
export const HUE_COUNT = HUES.length;
/** The first of them have a hue in the strict sense; only these can be avoided. */
export const NAMED_HUES = 7;

const list = (words: string): string[] => words.split(' ').map((word) => word.replaceAll('_', ' '));
const numbered = (groups: string[]): Map<string, number> =>
  new Map(groups.flatMap((words, at) => list(words).map((word): [string, number] => [word, at + 1])));

/** Colour word → row of the hue table. */
export const hueWords = numbered([
  'red crimson scarlet 빨간 빨간색 빨강 붉은 붉은색 赤い 赤 赤色の 赤色 红色的 红色 红',
  'orange_coloured orange-coloured 주황 주황색 오렌지색 オレンジ色の オレンジ色 橙色的 橙色 橘色',
  'yellow 노란 노란색 노랑 黄色い 黄色の 黄色 黄色的 黄',
  'green 초록 초록색 녹색 緑の 緑色の 緑色 緑 绿色的 绿色 绿',
  'blue 파란 파란색 파랑 푸른 青い 青 青色の 青色 蓝色的 蓝色 蓝',
  'purple violet 보라 보라색 자주색 紫の 紫色の 紫色 紫 紫色的',
  'pink 분홍 분홍색 핑크 핑크색 ピンクの ピンク色の ピンク色 ピンク 粉色的 粉色 粉红色的 粉红色 粉红',
  'brown 갈색 밤색 茶色い 茶色の 茶色 棕色的 棕色 褐色',
  'black 검은 검은색 검정 검정색 까만 黒い 黒 黒色の 黑色的 黑色 黑',
  'white 하얀 하얀색 흰 흰색 白い 白 白色の 白色的 白色',
  'grey gray 회색 灰色の 灰色 グレーの グレー 灰色的',
]);
/** A colour only beside another thing: alone it is the fruit. */
hueWords.set('orange', 2);

/** Number word → how many. */
export const countWords = numbered([
  'one single 1 하나 한_마리 한_개 한_명 한_송이 한_그루 한_대 한 一つの 一つ 一匹の 一匹 一人の 一人 一個の 一只 一个 一个人 一辆 一朵 一条 一棵 一架 一',
  'two 2 둘 두_마리 두_개 두_명 두_송이 두_그루 두_대 두 二つの 二つ ふたつの 二匹の 二匹 二人の 二個の 二個 二台の 两只 两个 两辆 两朵 两条 两棵 两架 二只 二个 pair_of couple_of',
  'three 3 셋 세_마리 세_개 세_명 세_송이 세_그루 세_대 세 三つの 三つ みっつの 三匹の 三匹 三人の 三個の 三個 三台の 三只 三个 三辆 三朵 三条 三棵 三架',
  'four 4 넷 네_마리 네_개 네_명 네_송이 네_그루 네_대 네 四つの 四つ よっつの 四匹の 四匹 四人の 四個の 四個 四台の 四只 四个 四辆 四朵 四条 四棵 四架',
]);

/** Style word → row of the style table. */
export const styleWords = numbered([
  'flat 플랫 フラット 扁平',
  '3d 입체 立体 三维',
  'noto 노토 ノト',
  'twemoji 트위모지',
  'blob 블롭 ブロブ',
]);

export const groundWords = new Set(list('background backdrop 배경 背景 底'));

/** Words between two things → how they lie: beside each other, the second small in front, or the second on top of the first. */
export const linkWords = new Map([
  ...list('and & + 그리고 하고 및 과 와 이랑 랑 と 、 。 ， , そして 和 与 以及 跟 还有 plus').map(
    (w): [string, Link] => [w, 'beside'],
  ),
  ...list('with holding 들고_있는 들고 持つ 持った 持っている 拿着 带着').map((w): [string, Link] => [w, 'front']),
  ...list('wearing 쓴 쓰고_있는 かぶった 被った かぶる 戴着').map((w): [string, Link] => [w, 'above']),
]);
export type Link = 'beside' | 'front' | 'above';

/** Links of languages that name what is carried before its bearer. */
export const carriedFirst = new Set(list('들고_있는 들고 持つ 持った 持っている 쓴 쓰고_있는 かぶった 被った かぶる'));

/** What a Korean noun may carry behind it. The links among them are also in `linkWords`. */
export const particles = list(
  '하고 이랑 에서 으로 이다 입니다 처럼 에게 이야 부터 까지 을 를 이 가 은 는 의 에 과 와 랑 로 도 만 야',
);

/** Read, and known to say nothing about what to draw. */
export const fillerWords = new Set(
  list(
    'a an the of on in at to for by from is are it its this that these those my me you your our we i he she his her their be so as up or if do go no not please draw paint show make give create ' +
      'generate picture image photo drawing illustration emoji icon sticker sketch art style painted drawn cute little small big large tiny nice pretty beautiful lovely simple very really some just ' +
      'want would like need can could here there something someone today now new cool free good great best top back end soon ok color colour coloured colored against over under isolated single ' +
      'clean quality best showing shows loves loved saw seen today icon for_my for_your for_our for_his for_her hi hello hand_drawn hand-drawn 안녕 안녕하세요 こんにちは 你好 ' +
      '그림 그려줘 그려 그려주세요 주세요 줘 귀여운 작은 큰 예쁜 아주 정말 사진 이미지 이모지 아이콘 스티커 스타일 스타일로 느낌 있는 위에 위의 그린 나에게 좀 만들어줘 부탁해 하나만 ' +
      'の を に は が で へ も な から まで 描いて 描いてください ください 絵 イラスト 写真 画像 可愛い かわいい 小さな 小さい 大きな 大きい スタイル ステッカー 風 アイコン 絵文字 きれいな とても 上 上の お願いします いる ある 私 ' +
      '请 画 给我 帮我 的 了 在 上 上面 是 着 图 图片 图像 照片 插画 表情 表情符号 图标 贴纸 风格 可爱 可爱的 小 大 漂亮 漂亮的 很 非常 我 想要 想 要 只 个 张 幅 一张 一幅',
  ),
);

/** Everyday words that win even over the thing of that very name: 장미 is Unicode's rosette, and everybody's rose. */
export const insistent = new Set(['장미']);

/** Words behind which stands whom a picture is for, and words before which: nobody asks for that one to be drawn. */
export const recipientBehind = new Set(list('for_my for_your for_our for_his for_her'));
export const recipientBefore = new Set(list('のための のために 을_위한 를_위한 위한 에게 한테'));
for (const word of recipientBefore) fillerWords.add(word);

/** Everyday words whose thing goes by another name in Unicode's lists. */
export const everydayWords = new Map(
  [
    '🚗 car cars 차 승용차 車 くるま 小汽车 轿车',
    '🐕 dog puppy 개 강아지 犬 いぬ 狗 小狗',
    '🐈 cat kitten 고양이 猫 ねこ 小猫',
    '🌙 moon 달 月 月亮',
    '☀️ sun 해 태양 太陽 太阳',
    '🐎 horse 말 馬 うま 马',
    '🐟 fish 물고기 魚 さかな 鱼',
    '🐦 bird 새 鳥 とり 鸟 小鸟',
    '🐇 rabbit bunny 토끼 兎 うさぎ 兔子',
    '🐁 mouse 쥐 鼠 ねずみ 老鼠',
    '🐒 monkey 원숭이 猿 さる 猴子',
    '🐖 pig 돼지 豚 ぶた 猪',
    '🐄 cow 소 牛 うし 奶牛',
    '🐅 tiger 호랑이 虎 とら 老虎',
    '🐉 dragon 용 竜 龍 龙',
    '🐻 bear 곰 熊 くま',
    '🌳 tree 나무 木 树',
    '🌸 cherry_blossom 벚꽃 桜 樱花',
    '🌹 rose 장미 バラ 薔薇 玫瑰 玫瑰花',
    '🌼 flower 꽃 花 花朵',
    '🌻 sunflower 해바라기 ひまわり 向日葵',
    '🏠 house home 집 家 房子',
    '✈️ plane aeroplane airplane 비행기 飛行機 飞机',
    '🚂 train 기차 열차 電車 機関車 火车',
    '⛵ boat sailboat 배 船 ヨット 小船',
    '🚲 bike bicycle 자전거 自転車 自行车',
    '⚽ football soccer_ball ball 축구공 공 サッカーボール ボール 足球 球',
    '🍊 orange 오렌지 귤 オレンジ みかん 橙子 橘子',
    '☕ coffee 커피 コーヒー 咖啡',
    '🍰 cake 케이크 ケーキ 蛋糕',
    '🍎 apple 사과 リンゴ りんご 苹果',
    '🍌 banana 바나나 バナナ 香蕉',
    '🍕 pizza 피자 ピザ 披萨',
    '🍔 burger hamburger 햄버거 ハンバーガー 汉堡',
    '❤️ heart 하트 心 ハート 爱心',
    '⭐ star 별 星 ほし 星星',
    '☁️ cloud 구름 雲 くも 云',
    '🔥 fire flame 불 火 炎',
    '👑 crown 왕관 王冠 皇冠',
    '🎩 hat top_hat 모자 帽子 シルクハット 礼帽',
    '🕶️ sunglasses 선글라스 サングラス 墨镜 太阳镜',
    '👓 glasses 안경 眼鏡 メガネ 眼镜',
    '😺 smiling_cat 웃는_고양이 웃는고양이 笑う猫 笑っている猫 微笑的猫',
    '😀 smiley grinning_face face smile 얼굴 웃는_얼굴 笑顔 笑脸',
    '🤖 robot 로봇 ロボット 机器人',
    '🐼 panda 판다 パンダ 熊猫',
    '⛄ snowman 눈사람 雪だるま 雪人',
    '🌈 rainbow 무지개 虹 彩虹',
    '🚀 rocket 로켓 ロケット 火箭',
    '🏰 castle 성 城 城堡',
    '☂️ umbrella 우산 傘 雨伞',
    '🎁 gift present 선물 プレゼント 礼物',
    '📖 book 책 本 书',
    '⏰ clock alarm_clock 시계 時計 闹钟 钟',
  ].flatMap((line) => {
    const [character = '', ...words] = line.split(' ');
    return words.map((word): [string, string] => [word.replaceAll('_', ' '), character.replaceAll('\ufe0f', '')]);
  }),
);
