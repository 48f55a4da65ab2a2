"""A real Chromium for the tests that look at a page. Knows where Debian puts it, and no page."""

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


def open_chromium(*arguments, logs=("browser",)):
    """Return a driver without a window; `logs` are the kinds of entries that it keeps."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    usual = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900")
    for argument in (*usual, *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
