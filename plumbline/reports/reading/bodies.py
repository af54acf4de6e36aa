"""Institutions, parks and centres named in a sentence: a proper name and the word that says what it is.

A name is what stands between a boundary (punctuation, 的, 和, a verb of the genre) and a closing word (中心, 医院, …);
one that begins with a common noun (数据中心, 社区医院) is a kind of thing, not a name.
"""

import re

_CLOSING = (
    "示范区|试验区|试验片区|开发区|保税区|度假区|新区|自贸区|商务区|园区|景区|产业园|科学城|科技城|大学城|新城|小镇|"
    "研究中心|中心|公园|生命园|工业园|科技园|幼儿园|创业园|医院|养老院|研究院|科学院|剧院|法院|检察院|学院|大学|学校|中学|小学|"
    "机场|火车站|枢纽|港口|公司|集团|银行|交易所|协会|联盟|基金会|基金|委员会|管委会|指挥部|领导小组|工作组|专班|联席会议|"
    "人民政府|政府|发展改革委|发改委|经信委|国资委|卫健委|建委|实验室|博物馆|图书馆|美术馆|体育馆|科技馆|展览馆|文化广场|广场|"
    "论坛|交易会|博览会|再生水厂|水厂|污水处理厂|发电厂|电厂|工厂|基地|水库|平台|社区|控股|片区"
)
_OFFICE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[由与和经]))(?:国家|[省市区县州])[\u4e00-\u9fff]{2,8}?"
    r"(?:(?<![布格结棋僵])局|(?<!议事)厅|委(?!员|托)|办公室|中心)|[市区县省州]政府(?!属|部门)")
_NAME = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9·]+?(?:{_CLOSING})(?!建设期)")
_MORE = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9·]{{0,8}}?(?:{_CLOSING})")
_ANY = re.compile(f"{_CLOSING}|[局厅委院园]|办公室")
_SPLIT = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9·]+|\d+(?:个|处|家|所|座|项|条)|20\d\d年|[年月底内]前|期间|的|等|与|及|在|向|为|将|把|由|从|"
    r"赴|按|使|让|给|至(?!少)|(?<!共)和|各|以(?!上|下|内)")
_KEPT = re.compile(
    "发展和改革|人力资源和社会保障|规划和自然资源|住房和城乡建设|经济和信息化|工业和信息化|文化和旅游|农业和农村|"
    "民族和宗教|卫生和健康|对外|以色列|为民")
_VERBS = re.compile(
    "(?:积极|大力|全力|着力|扎实|加快|稳步|持续|继续|不断|深入|深化|全面|统筹|统筹推进|协调|进一步|高水平|高质量|高标准|抓紧|"
    "尽快|力争|力促|确保|争取|充分|切实|同步|联合|会同|推进|推动|促进|建设|建成|投用|建立|健全|完成|实施|实现|支持|"
    "发展|开展|做好|做强|办好|用好|加强|完善|开工|新建|新改扩建|新改建|改扩建|扩建|改造|打造|启动|鼓励|引导|引进|引入|发布|制定|出台|设立|组建|"
    "研究|筹备|组织|组织好|发挥|利用|依托|聚焦|围绕|参与|提升|提高|优化|扩大|探索|创建|落实|落实好|纳入|批复|谋划|梳理|走访|"
    "推广|支撑|服务好|管好|重启|开业|入驻|落户|落地|开通|通车|竣工|全年|年内|年底|年底前|下半年|又|也|并|"
    "全国|国家尽快|到|强化|布局|补齐|提速|加大|增强|巩固|丰富|规范|培育|壮大|吸引|引领|带动|全市|全区|全县|全省|本市|本区|我市|"
    "我区|我县|若干|一批|一个|首批|第[一二三四五六七八九十]批|首个|重点|主要|重大|坚持|评估|便利|借力|通过|明确|补充|认真|"
    "做深做实|做实|做深|对接|对|搭建|举办|承办|谋划好|进驻|迁建|续建)好?")
_COMMON = re.compile(
    "数据|大数据|物流|公共|服务|养老|社区|农产品|农业|农村|乡村|乡镇|街道|产业|老旧|特色|创新|示范|综合|生态|文化|旅游|体育|商业|"
    "商务|工业|教育|医疗|卫生|疾病|政务|企业|中小|中小微|孵化|创业|人才|科技|研发|检测|培训|应急|区域|专业|大型|新型|高端|智能|智慧|"
    "网络|信息|城市(?!副中心)|中心|基层|市级|区级|县级|省级|国家级|试点|一站式|地方|民营|国有|金融|银行|融资|投资|交通|客运|货运|物资|"
    "仓储|冷链|批发|便民|家政|托育|儿童|青少年|老年|残疾|退役|就业|人力|劳动|社会|行业|技术|工程|项目|投融资|信用|监测|预警|"
    "调度|指挥|共享|开放|交易|展示|展览|会议|休闲|健身|运动|森林|湿地|口袋|郊野|水源|污水|垃圾|再生|清洁|新能源|分布|储能|充电|"
    "平台|园区|基地|景区|小镇|上市|外资|央企|重要|龙头|骨干|优质|优秀|现有|传统|现代|多|两|三甲|三级|二级|一级|定点|专科|中医|"
    "妇幼|全科|电商|跨境|线上|线下|直播|互联网|工作|专项|联合|协同|合作|对口|受援|贫困|扶贫|帮扶|消费|夜间|首店|供应链|数字|"
    "大学生|自动|双创|境外|境内|小额|会展|外经贸|高精尖|科学|购销|机制|营商|财源|税源|设施|影院|分省|方式|驻区|市场|"
    "标准|质量|知识产权|标杆|绿色|低碳|零碳|安全|防汛|消防|救援|急救|发热|核酸|疫苗|隔离|老城|新城|县城|镇级|村级|院|校|厂")
_QUOTED = re.compile(r"“([\u4e00-\u9fff]{2,10}(?:区|院|园|中心|平台|大脑|小镇|基地))”")


def bodies(words: str) -> tuple[str, ...]:
    """Names of institutions, parks and centres in a sentence in normal form, in its order.

    >>> bodies("加快推进青塘湖公园建设，支持市第一医院与临江大学合作，建设数据中心")
    ('青塘湖公园', '市第一医院', '临江大学')
    """
    if not _ANY.search(words):
        return ()
    spans = [match.span(match.lastindex or 0) for pattern in (_QUOTED, _OFFICE) for match in pattern.finditer(words)]
    guarded = _KEPT.sub(lambda match: "丁" * len(match[0]), words)
    at = 0
    for gap in (*_SPLIT.finditer(guarded), None):
        until = gap.start() if gap else len(guarded)
        spans += [(at + start, at + end) for start, end in _names(guarded[at:until])]
        at = gap.end() if gap else until
    named: dict[str, None] = {}
    reached = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= reached:  # inside a longer name
            continue
        reached = end
        counted = words[end:end + 1].isdigit()  # 幼儿园18所 is a kind, no name
        if not counted and not _COMMON.match(words, start):
            named[words[start:end]] = None
    return tuple(named)


def _names(segment: str) -> list[tuple[int, int]]:
    """Spans of the names in a stretch without boundaries."""
    names = []
    at = 0
    match = _NAME.match(segment)
    while match:
        end = match.end()
        more = _MORE.match(segment, end)
        while more and not _VERBS.match(segment, end):
            end = more.end()
            more = _MORE.match(segment, end)
        start = _after_verbs(segment, at)
        # a 副中心 is a part of a city or province, no institution
        if end - start >= 4 and not segment[start].isdigit() and not segment.endswith("副中心", start, end):
            names.append((start, end))
        at = end
        match = _NAME.match(segment, at)
    return names


def _after_verbs(segment: str, at: int) -> int:
    """Where the name starts: behind verbs and adverbs."""
    match = _VERBS.match(segment, at)
    while match and match.end() > at:
        at = match.end()
        match = _VERBS.match(segment, at)
    return at
