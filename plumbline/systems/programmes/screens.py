"""The pages of the plan's tasks, their returns, meetings and ranking."""

from plumbline.systems.programmes import (
    board_pages,
    meeting_pages,
    meetings,
    ranking_pages,
    return_pages,
    returns,
    task_pages,
    tasks,
)

urls = [*board_pages.urls, *task_pages.urls, *return_pages.urls, *meeting_pages.urls, *ranking_pages.urls]
# kinds of order that are opened on a page of their own
pages = {tasks.TASK: "programmes-task", returns.MONTHLY: "programmes-return", meetings.MEETING: "programmes-meeting"}
# kinds of order that are moved with more than the move: the plan follows its task, a return has its number
moves = {tasks.TASK: tasks.act, returns.MONTHLY: returns.act}
