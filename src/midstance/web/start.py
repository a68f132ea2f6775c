"""A server's collaborators, and what is put in order before it begins."""

from __future__ import annotations

from sqlalchemy import select

from midstance.web.database import open_database
from midstance.web.feed import Feed
from midstance.web.folders import Folders
from midstance.web.jobs import ProcessJobs
from midstance.web.library import forget_runners
from midstance.web.mending import mend_database
from midstance.web.settings import WebSettings
from midstance.web.site import Site
from midstance.web.tables import SessionRow


def open_site(settings: WebSettings) -> Site:
    """Open a data folder, making what is absent; a damaged database is replaced by what can be saved of it.

    Raises
    ------
    InputError
        If the database cannot be used.
    OSError
        If the folder cannot be written.
    """
    folders = Folders(settings.data)
    notice = mend_database(folders.database)
    database = open_database(folders.database)
    feed = Feed()
    jobs = ProcessJobs(database, folders, feed, settings.parallel_jobs, cluster=settings.cluster)
    return Site(settings, database, folders, jobs, feed, notice)


def tidy(site: Site) -> None:
    """Finish deletions that a killed server had begun."""
    with site.database.begin() as db:
        known = dict.fromkeys(db.scalars(select(SessionRow.id)))
        for session_id in site.folders.tidy(known):
            db.delete(db.get_one(SessionRow, session_id))
        db.flush()
        forget_runners(db)
