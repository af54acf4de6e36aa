"""What people of the invented city ask: classes with weights, who handles them, and words to make requests of.

A request is made of a place, a matter, since when, and a wish; all of it is invented.
"""

from dataclasses import dataclass

STREET = "street"


@dataclass(frozen=True, slots=True)
class Topic:
    """A class of requests.

    path           三级分类, as in the taxonomy
    usual, hard    how often it comes among requests that are solved, and among those that are not
    urgency        key of the limits
    to             street; a city's or district's department; an enterprise
    wants          what is wanted: 咨询 求助 投诉 举报 建议
    matters        what is the matter, each a clause
    """

    path: str
    usual: int
    hard: int
    urgency: str
    to: str
    wants: str
    matters: tuple[str, ...]


TOPICS = (
    Topic("城乡建设/住房保障与房地产/物业服务", 14, 26, "complex", STREET, "投诉",
          ("电梯经常停运", "物业长期不修单元门", "地下车库积水没人管", "楼道堆放杂物", "门禁坏了无人维修")),
    Topic("城乡建设/住房保障与房地产/修缮装修", 5, 9, "complex", "房管局", "求助",
          ("屋顶漏雨", "外墙瓷砖脱落", "楼上装修导致渗水")),
    Topic("城乡建设/城市建设和市政管理/自来水供应", 5, 3, "utility", "自来水集团", "求助",
          ("突然停水", "水压很低", "自来水发黄")),
    Topic("城乡建设/城市建设和市政管理/燃气供应", 2, 1, "utility", "燃气集团", "求助",
          ("燃气表没有读数", "做饭时燃气断断续续")),
    Topic("城乡建设/城市建设和市政管理/冬季采暖", 7, 6, "utility", "热力集团", "投诉",
          ("暖气不热", "供热管道漏水", "室温不到十八度")),
    Topic("城乡建设/城市建设和市政管理/电力供应", 3, 2, "utility", "电力公司", "求助",
          ("半夜停电", "变压器有异响", "电压不稳")),
    Topic("城乡建设/城市建设和市政管理/公共汽车", 3, 3, "ordinary", "公交集团", "建议",
          ("公交车间隔太长", "站牌被遮挡", "希望增加早班车")),
    Topic("城乡建设/城市建设和市政管理/地铁城铁", 2, 1, "ordinary", "地铁公司", "建议", ("扶梯停用", "出入口早晚拥挤")),
    Topic("城乡建设/城市建设和市政管理/基础设施", 9, 7, "ordinary", "城管委", "求助",
          ("路灯不亮", "井盖破损", "人行道地砖松动", "下雨后积水严重")),
    Topic("城乡建设/城市建设和市政管理/园林绿化环卫", 8, 5, "ordinary", STREET, "投诉",
          ("垃圾桶满溢", "绿地里有渣土", "厨余垃圾没有及时清运", "公厕没人打扫")),
    Topic("城乡建设/城市建设和市政管理/城管执法", 9, 10, "ordinary", "城管执法局", "举报",
          ("有流动摊贩占道", "店外经营影响通行", "共享单车乱停放", "夜里有人贴小广告")),
    Topic("城乡建设/城乡规划/违章建筑", 4, 11, "complex", STREET, "举报", ("有人私搭乱建", "楼顶加盖房屋", "院内违建没有拆除")),
    Topic("城乡建设/房屋征收与补偿/安置补偿", 1, 5, "complex", STREET, "咨询", ("安置房迟迟没有交付", "补偿标准不清楚")),
    Topic("环境保护/环境污染/噪音污染", 8, 9, "ordinary", STREET, "投诉",
          ("工地夜间施工噪音大", "广场舞音响扰民", "楼下餐馆风机轰鸣")),
    Topic("环境保护/环境污染/大气污染", 3, 3, "ordinary", "市生态环境局", "投诉", ("餐馆油烟直排", "工地扬尘没有苫盖")),
    Topic("教育文体/考试招生/招生录取", 3, 2, "ordinary", "教委", "咨询", ("想了解入学报名时间", "咨询学区划分")),
    Topic("劳动和社会保障/工资福利/工资发放", 3, 5, "complex", "市人力资源社会保障局", "求助",
          ("单位拖欠工资", "复工后工资没有发足")),
    Topic("交通运输/邮政管理/快递市场管理", 2, 2, "ordinary", "邮政公司", "投诉", ("快递不能进小区", "包裹丢失没有答复")),
)
SINCE = ("已经三天了", "从上周开始一直这样", "反映过几次没有结果", "这两天越来越严重", "持续了半个月", "今天早上发现的")
WISHES = ("请尽快处理", "希望有关部门派人看看", "请给个答复", "影响老人和孩子出行", "盼望早点解决", "请帮忙联系负责的单位")
