"""Poison for workers: in a process that starts with this folder in its path, some words end or stop it."""

import os
import signal
import sys
import time


def spoil(article, extract):
    if "POISON" in article.text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "STALL" in article.text:
        time.sleep(600)
    while "LOOP" in article.text:
        pass
    if "FAULT" in article.text:
        raise KeyError(article.text)
    return extract(article)


if sys.argv[0] == "-m":
    import geo.edition

    extract = geo.edition.extract_article
    geo.edition.extract_article = lambda article: spoil(article, extract)
