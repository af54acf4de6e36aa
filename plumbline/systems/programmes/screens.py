"""The pages of the plan's tasks, their returns, meetings and ranking."""

from plumbline.systems.programmes import board_pages, meeting_pages, ranking_pages, return_pages, task_pages

urls = [*board_pages.urls, *task_pages.urls, *return_pages.urls, *meeting_pages.urls, *ranking_pages.urls]
