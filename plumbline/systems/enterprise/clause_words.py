"""What the words of policies for firms ask of the columns of the register of firms; the reader of clauses is handed this."""

from plumbline.kernel import AREAS
from plumbline.reports.clauses import Base, Choice, Phrase, Quantity, Special, Words

SMALL = ("中型", "小型", "微型")
GROWN = ("insured_2020", "insured_2019")
TRADES = (
    ("农、林、牧、渔业|农林牧渔业?", ("A%",)), ("采矿业", ("B%",)), ("制造业", ("C%",)), ("工业(?=企业)", ("B%", "C%", "D%")),
    ("建筑业", ("E%",)), ("批发零售业|批发和零售业", ("F51%", "F52%")), ("批发业", ("F51%",)), ("零售业", ("F52%",)),
    ("道路运输业?", ("G54%",)), ("交通运输业", ("G54%", "G55%", "G56%", "G57%", "G58%")), ("邮政业", ("G60%",)),
    ("住宿业?", ("H61%",)), ("餐饮业?", ("H62%",)), ("软件和信息技术服务业?", ("I65%",)), ("信息传输业", ("I63%", "I64%")),
    ("房地产开发", ("K701%",)), ("物业管理", ("K702%",)), ("租赁和商务服务业", ("L%",)), ("科学研究和技术服务业", ("M%",)),
    ("居民服务、修理和其他服务业|居民服务业", ("O%",)), ("文化、体育和娱乐业|文化体育和?娱乐业", ("R%",)),
)
REGISTERED = "(?:注册地|登记地|注册|登记|住所|经营地)(?:址)?(?:和纳税地)?(?:均)?(?:在|于|位于|为)"
PLACES = tuple(Phrase(f"在{area.name}(?:登记|注册)(?:纳税)?|{REGISTERED}{area.name}", "area",
                      f"area = '{area.code}'", f"area <> '{area.code}'")
               for area in AREAS if not area.code.endswith("0000"))
RENTS = "(?:承租|租用|租赁)(?:了)?(?:的)?(?:本)?"
HOUSE = "国有(?:企业)?(?:的)?(?:房产|房屋|写字楼|厂房)"
HIT = "旅游|住宿|餐饮|批发|零售|文化|体育|娱乐|会展|商贸|交通运输|、"
PHRASES = (
    Phrase(f"{RENTS}市属?(?:、|和|及|或)?区属?{HOUSE}", "landlord", "renter and landlord in ('市属国企', '区属国企')"),
    Phrase(f"{RENTS}市属{HOUSE}", "landlord", "renter and landlord = '市属国企'"),
    Phrase(f"{RENTS}区属{HOUSE}", "landlord", "renter and landlord = '区属国企'"),
    Phrase(f"{RENTS}{HOUSE}", "landlord", "renter and landlord in ('市属国企', '区属国企', '央企')",
           doubt="原文没有写明是市属、区属还是中央企业"),
    Phrase("用于办公|办公用房", "premises", "premises = '办公'"),
    Phrase("用于生产经营|从事生产经营(?:活动)?|用于经营", "premises", "premises in ('生产经营', '商业')"),
    Phrase("按(?:照)?要求坚持营业|依照?规定(?:关闭)?停业|坚持营业", "open_as_asked", "open_as_asked"),
    Phrase(f"(?:(?:{HIT})+等)?受疫情影响较大(?:的)?(?:行业)?|受疫情影响(?:严重|明显)", "hard_hit", "hard_hit"),
    Phrase("(?:生产)?经营(?:确有|出现暂时|暂时|遇到|存在)?困难|确有困难", "in_difficulty", "in_difficulty"),
    Phrase("符合首都(?:城市战略|城市)?功能定位", "functions_fit", "functions_fit"),
    Phrase("疏解整治(?:促提升)?(?:范围|名单|之列)?", "outside_clearing", "", "outside_clearing"),
    Phrase("(?:餐饮|便利店|美容美发|家政|、)*连锁(?:企业|经营企业)?(?:的)?直营(?:门)?店|直营分店", "chain_branch",
               "chain_branch"),
    Phrase("(?:位于|在|注册在)?中关村(?:国家自主创新)?(?:示范区|园区|一区十六园)(?:内)?", "in_park", "in_park", "not in_park"),
    Phrase("高精尖产业(?:企业)?", "high_end", "high_end"),
    Phrase("(?:属于)?重点领域", "key_field", "key_field"),
    Phrase("(?:疫情)?(?:防控|防疫)(?:重点)?物资(?:的)?(?:生产|供应|保障)(?:企业)?|疫情防控相关企业", "supplies_fight",
               "supplies_fight"),
    Phrase("僵尸企业", "zombie", "", "not zombie"),
    Phrase("严重失信(?:主体|企业|行为)?(?:名单)?|失信(?:被执行人|企业|主体)?名单|失信被执行人", "dishonest", "", "not dishonest"),
    Phrase("非国有(?:企业)?", "ownership", "ownership <> '国有'", "ownership <> '国有'"),
    Phrase(r"(?:参加(?:本市|我市|我区)?(?:社会|失业|养老)保险|依法参保|参保(?=企业|单位|的|，|、))", "insured", "insured >= 1"),
    Phrase(r"平均参保(?:职工)?人数不(?:低|少)于(?:2019年|上年度?)(?:的)?(?:平均)?参保(?:职工)?人数?", "insured_2020",
               "insured_2020 >= insured_2019"),
    *PLACES,
)
WORDS = Words(
    quantities=(
        Quantity("从业人员(?:人数|数)?|员工(?:人数|数)?|职工(?:人数|总数)?|用工人数", "employees", "人", ),
        Quantity("参保(?:职工)?(?:人数|人员)?|参保职工|缴费人数|平均参保人数", "insured", "人", GROWN),
        Quantity("(?:年)?(?:营业|销售|主营业务)?收入(?:额)?|营业额|销售额", "revenue_yuan", "元", ("revenue_2020_yuan",
            "revenue_2019_yuan")),
        Quantity("资产总额|总资产", "assets_yuan", "元"),
        Quantity("注册资本(?:金)?", "capital_yuan", "元"),
        Quantity("月租金|每月租金", "rent_yuan", "元"),
        Quantity("担保贷款(?:余额|额|金额)?|担保额", "guaranteed_yuan", "元"),
        Quantity("裁员率", "layoff_rate", "%"),
        Quantity("担保费率", "guarantee_rate", "%"),
        Quantity("(?:参保)?(?:连续)?(?:足额)?缴费|缴纳失业保险费", "unemployment_months", "月"),
    ),
    phrases=PHRASES,
    choices=(
        Choice("size", (("中型(?:企业)?及以下", SMALL), ("中小微型?企业|中小微", SMALL), ("小微企业|小微", ("小型", "微型")),
            ("中小型?企业", SMALL),
                        ("大中型企业", ("大型", "中型")), ("大型(?:企业)?", ("大型",)), ("中型(?:企业)?", ("中型",)),
                        ("小型(?:企业)?", ("小型",)), ("微型(?:企业)?", ("微型",)))),
        Choice("kind", (("个体工商户|个体户", ("个体工商户",)), ("(?<![中小微型])企业(?=[和、及]个体工商户)", ("企业",)),
                        ("农民专业合作社", ("农民专业合作社",)))),
        Choice("ownership", (("国有企业(?!的?房)", ("国有",)), ("集体企业", ("集体",)), ("民营(?:企业)?|私营企业", ("民营",)),
            ("外资(?:企业)?", ("外资",)))),
        Choice("status", (("存续(?:状态)?", ("存续",)), ("已?停业(?=的|状态|企业)", ("停业",)), ("已?(?:被)?吊销", ("吊销",)),
            ("已?(?:被)?注销", ("注销",)))),
        Choice("industry", TRADES, patterns=True),
    ),
    bases=(
        Base("失业保险费|失业险", "unemployment_paid_yuan"), Base("社会保险费|社保费", "social_paid_yuan"),
        Base("房屋租金|房租|月?租金", "rent_yuan", monthly=True), Base("营业收入|销售收入", "revenue_yuan"),
        Base("担保贷款(?:额|金额|余额)|担保金额", "guaranteed_yuan"),
    ),
    specials=(
        Special(r"担保费率?(?:下调|降低|下降|减少)(?P<n>[\d.]+)个百分点", "guaranteed_yuan", "{n}"),
        Special(r"(?<=的，)担保费率?(?:降至|不超过|不高于|控制在)(?P<n>[\d.]+)%(?:以内)?",
            "guaranteed_yuan * (guarantee_rate - {n})"),
    ),
    persons=(("参保职工|参保人数|培训|职工", "insured"), ("从业人员", "employees")),
    age="set_up_on", joined=frozenset({"size", "kind"}),
)
