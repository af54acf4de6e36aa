"""What a published policy is called when it is pushed: its paper, and the kind a firm may not want to be told of."""

from plumbline.store.parties.pushing import Paper
from plumbline.store.policies.tables import Policy

# by words of its title, the first that fits
KINDS = ("房租", "社保就业", "税费", "融资担保", "其他")
MARKS = (("房租", ("租",)), ("社保就业", ("社保", "社会保险", "失业", "稳岗", "培训", "就业", "训")),
         ("税费", ("税", "费款", "缓缴")), ("融资担保", ("担保", "贷", "融资", "贴息")))


def kind_of(title: str) -> str:
    """The kind of a policy.

    >>> kind_of("减免中小微企业房屋租金"), kind_of("以训稳岗"), kind_of("展会补贴")
    ('房租', '社保就业', '其他')
    """
    return next((kind for kind, words in MARKS if any(word in title for word in words)), KINDS[-1])


def paper_of(policy: Policy) -> Paper:
    """A published policy as firms are told of it."""
    return Paper(policy.pk, policy.edition, policy.table, policy.title, policy.area, kind_of(policy.title))
