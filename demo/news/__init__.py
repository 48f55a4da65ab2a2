"""The demo of news: articles written by us of an invented town, with drawings and some voices.

Knows its texts; knows no town that there is.

    make  articles.txt and spoken.csv → news.csv, pictures, recordings
"""
