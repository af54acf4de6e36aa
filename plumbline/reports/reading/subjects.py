"""What a number is about: the noun phrase before it, behind it, or one said earlier in the sentence."""

import re

# words that only lead to a subject, or from it to its number; a look-ahead or -behind keeps those that are part of a
# longer word (在建, 再贷款, 因公; 细则, 国有, 新居)
_LEAD = re.compile(
    r"^(?:按[^，。；]{2,8}(?:折算|计算|统计)|[、和与及；，：]|以(?!训|工代|上|下|内|旧|赛|案|奖|色)|其中|此外|同时|另外|目前|"
    r"现有|当前|预计|初步核算|据统计|全面|进一步|扎实|加快|累计|已|并(?![购轨联网])|也|又|还(?![款贷建])|"
    r"再(?!贷款|贴现|生|担保|就业|造)|且|则|即(?!期)|共计?(?![享有同])|合计|总计|年内|确保|力争|实现|努力|继续|"
    r"达到?(?![成产标效])|将(?!军)|把|使(?!用)|对(?![口外接标照])|向(?!阳)|为(?!民)|按(?![季月期时])|"
    r"到(?![位资账岗户访港达])|至|在(?![建培校职册库园营岗编产施用途售租户])|"
    r"最高(?:给予|奖励|补贴|补助|可)?|全年|当年|本年|分别|各(?![类项级地界种])|均(?!衡)|约(?![谈见])|截[至止]|-{1,2}|"
    r"仍然?|扣除(?:价格|物价)因素(?:影响)?|实际(?=增长|下降)|首次|剔除[^，。；]{1,16}因素(?:影响)?|其(?![余他])|"
    r"主要(?=用于|包括|是|有|为)|"
    r"[一二三四五六七八九十]{1,2}是|[一二三四五六七八九十]{1,3}）|（\d{1,2}）|\d{1,2}[.、]|[⑴-⒇①-⑳]|的|了|从(?![严快业事优重])|"
    r"由|因(?![公病灾]))+")
_TRAIL = re.compile(
    r"(?:达到?|达|(?<![行作])为|是|(?<![国拥占持共公私享])有|(?<![签契节预])约为?|共计|(?<!公)共|合计|总计|累计|分别|各|"
    r"(?<![人户月年日亩])均|实现|完成|超额完成|已|仅|也|(?<!成)就|了|至|到|由|从|在|于|的|同比|环比|名义|实际|"
    r"按可比价(?:格)?计算|可比|同口径|全部|多达|高达|突破|接近|增长|下降|增至|降至|上升|提高|提升|增加|减少|扩大|缩小|"
    r"调整|保持|稳定|维持|控制|回落|攀升|压减|降低|扩|(?<!新)增|升|降|收窄|超|近|每年|每月|每人|每户|平均|大约|总共|"
    r"：|、|和|(?<!参)与|(?<![涉惠普])及|以|用于|预计|将|(?<![纪摘需必概])要|(?<![内必])需|(?<![许认])可|"
    r"(?<![功性节产智技职动效潜光阳电热])能|不|第|前|（|“|，|较|相当|(?<![民新安宜定聚群])居|位居|"
    r"名列|排名|其中|每|之|(?<![场究出务诊厕])所|(?<![细规准原守])则|再|又|净)+$")
_VERBS = (
    "年度|计划|累计|开通|建成|完成|实现|新增|发放|推进|组织|发动|参与|签约|开工|竣工|投产|落地|注册|引进|培育|认定|改造|提升|"
    "安排|支持|涉及|惠及|覆盖|受理|办理|审批|撤销|关停|"
    "退出|拆除|清理|查处|处罚|转移|安置|减免|返还|缓缴|拨付|下达|争取|筹措|投入|带动|促进|吸纳|解决|协调|走访|"
    "提供|举办|开展|召开|发布|出台|制定|"
    "印发|编制|启动|设立|组建|搭建|建立|打造|创建|入选|获批|获得|授权|申请|登记|新建|改建|扩建|续建|新开工|"
    "复工|投用|启用|运行|上线|接入|排查|推出|征集|引入|确定|明确|"
    "形成|达成|通过|审核|核准|兑现|落实|加快|实施|执行|直接|成功|顺利|全部")
_ONLY_VERB = re.compile(
    rf"^(?:{_VERBS}|达到?|为|是|有|共|总|占|用于|其|该|同比|环比|比|较|期末|年末|当期|平均)*(?:贷款|资金|项目|"
    rf"企业|完成|实现|达到?|为|是|有|共|涉及|惠及|总|建成|累计|新增|其中|占|用于|支持|安排|下达|拨付|投入|发放|"
    rf"开工|竣工|投产|投资|资金|总额|总量|"
    r"增速|增幅|降幅|涨幅|跌幅|比重|占比|总计|合计|支出|余额|其|该|面积|总投资|融资额|总产|单产|增加值|净增|"
    r"同比|环比|比|较|完成投资|贡献率|覆盖率|入库|"
    r"增收|减收|上线|签约|落地|提供|比例|规模|数量|金额|人数|期末|年末|当期|滚存|平均|份额|收入|利润|"
    r"利税|产值|产量|销量|销售额|出口|进口|开工率|完成率|达标率)?$")
_ONLY_VERBS = re.compile(rf"^(?:{_VERBS})*$")
_HEADS = re.compile(
    r"(?:增加值|总产值|产值|排放量|拥有量|使用量|用电量|支出|收入|投资|贷款余额|存款余额|贷款|存款|余额|就业率|解决率|满意率|总额|面积|"
    r"产量|销售额|消费|覆盖率|合格率|"
    r"完成率|利用率|普及率|增速|人数|数量|率|额|量|数|值)$")
_FILLER = re.compile(
    "正式|切实|得到|全面|顺利|成功|有效|积极|深入|大力|稳步|扎实|有序|持续|进一步|着力|不断|全力|力争|确保|"
    "力促|已经?|全部|尽早|尽快|如期|实现|"
    "基本(?!医疗|养老|公共|生活|民生|农田|建设|保障|公积|药物|面|单位|存款|支出)|陆续|及时")
_LIGHT = re.compile(
    "^(?:完成|实现|推进|加快|加紧|力促|通过|做好|抓好|推动|开展|实施(?!细则|意见|方案)|启动实施|进行|加强|明确|确定|用于|"
    "为)+(?=.{2})")
_STOP = re.compile(r"[，。；：！？（]")
_CONJUNCTION = re.compile("和|与|及|以及|、")
_VERBS_AFTER = re.compile(r"^(?:资金|以上|以下|以内|左右|及以上|的|余|多|内)+")


def clean(text: str) -> str:
    """The words of a subject without what only leads to it or to the number.

    >>> clean("其中民间投资实现"), clean("居民人均可支配收入达到"), clean("同比")
    ('民间投资', '居民人均可支配收入', '')
    """
    text = re.sub(r"（[^（）]*）", lambda m: m[0] if len(m[0]) <= 8 else "", text)
    before = None
    while before != text:
        before = text
        text = _TRAIL.sub("", _LEAD.sub("", text))
    text = _LIGHT.sub("", _FILLER.sub("", text)) if len(text) > 2 else text
    return _balanced(text.strip("、，- \t"))


_MARKS = {"”": "“", "’": "‘", "）": "（", "》": "《"}


def _balanced(text: str) -> str:
    """The same words without quotation marks and brackets that have lost their other half.

    >>> _balanced("护林行动”栽植"), _balanced("小区（村）"), _balanced("“一老一小”项目")
    ('护林行动栽植', '小区（村）', '“一老一小”项目')
    """
    opened: list[int] = []
    lost: set[int] = set()
    for i, c in enumerate(text):
        if c in _MARKS.values():
            opened.append(i)
        elif c in _MARKS and not (opened and text[opened.pop()] == _MARKS[c]):
            lost.add(i)
    lost.update(opened)
    return "".join(c for i, c in enumerate(text) if i not in lost)


_DISCOURSE = re.compile(r"(?:^|[分从按就])[^，。；]{0,10}(?:来看|看|而言|来说|方面)$|^(?:其中|同时|此外|总体上?)$|"
    "^(?:首次|均|创|实现|突破|达到|保持|高于|低于|超额|位居|居|较|比|同比|受|因|由于|面对|随着|按照|根据|围绕|坚持)")


def discourse(words: str) -> bool:
    """Words that only lead on (分季度看, 从结构看) and name no subject."""
    return bool(_DISCOURSE.search(words))


def behind(text: str, start: int, stop: int) -> str:
    """The noun phrase behind a number: up to the clause's end or the next number at `stop`."""
    phrase = _STOP.split(text[start:stop], maxsplit=1)[0]
    if re.match("[、和与及]|的?[^，。、]{0,4}(?:目标|警戒线|控制线|上限)", phrase):
        return ""
    phrase = phrase.split("、")[0] if phrase.count("、") and len(phrase.split("、")[0]) >= 2 else phrase
    return re.sub("(?<=[目块业标户村])中$", "", _VERBS_AFTER.sub("", phrase))


def weak(subject: str) -> bool:
    """Whether a subject says too little to stand alone: a verb, or a head such as 总投资.

    >>> weak("总投资"), weak("完成"), weak("固定资产投资")
    (True, True, False)
    """
    return len(subject) <= 1 or bool(_ONLY_VERB.match(subject))


def light(words: str) -> bool:
    """Whether words are verbs that say only that something is done (明确, 推进).

    >>> light("明确"), light("改造")
    (True, False)
    """
    return _LIGHT.sub("", f"{words}某事") == "某事" and bool(words)


def verbal(subject: str) -> bool:
    """Whether a subject is verbs alone, so that what was done must be said elsewhere.

    >>> verbal("建成投用"), verbal("利润")
    (True, False)
    """
    return bool(_ONLY_VERBS.match(subject))


def split(subject: str, count: int) -> list[str]:
    """A list of `count` things said in one breath, each in full; empty where the words give no such list.

    >>> split("热线诉求解决率、满意率", 2)
    ['热线诉求解决率', '热线诉求满意率']
    >>> split("教育、社会保障和就业、农林水支出", 3)
    ['教育支出', '社会保障和就业支出', '农林水支出']
    """
    for pattern in ("、", "、|和|与|及|以及"):
        items = [item for item in re.split(pattern, subject) if item]
        if len(items) == count:
            return _in_full(items)
    last = re.split("、", subject)
    if len(last) == count - 1:
        tail = _CONJUNCTION.split(last[-1])
        if len(tail) == 2 and all(tail):
            return _in_full([*last[:-1], *tail])
    return []


def _in_full(items: list[str]) -> list[str]:
    first, last = items[0], items[-1]
    head = _HEADS.search(last)
    full = []
    for item in items:
        if head and not _HEADS.search(item):
            item = item + head[0]
        elif item is not first and len(item) < len(first) and _HEADS.search(first) and len(item) <= 4:
            item = first[:-len(item)] + item if first[-1] == item[-1] else item
        full.append(item)
    return full


_SYNONYMS = (("GDP", "地区生产总值"), ("CPI", "居民消费价格"), ("PM2.5", "细颗粒物"))


def spelled_out(subject: str) -> str:
    """Abbreviations with their full name, so that the same thing is found under both.

    >>> spelled_out("GDP")
    'GDP（地区生产总值）'
    """
    for short, full in _SYNONYMS:
        if short in subject and full not in subject and short != "PM2.5":
            subject = subject.replace(short, f"{short}（{full}）")
    return subject
