"""The web app: upload clips, follow the analysis, look at what it gave. Needs the extra `web`."""
