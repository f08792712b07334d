#!/usr/bin/env python3
"""words.py TEXT: is each word of TEXT in the HTML page on standard input, in this order?

Case does not count, nor do colons, which titles have in the text only. What the page has
beyond the text, such as labels, may stand between."""
import html.parser
import sys

INLINE = 'a', 'b', 'code', 'i', 'span', 'tt'


class Page(html.parser.HTMLParser):
    text = ''

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.text += '' if tag in INLINE else ' '

    def handle_endtag(self, tag):
        self.text += '' if tag in INLINE else ' '


def words(text):
    return text.lower().replace(':', ' ').split()


page = Page()
page.feed(sys.stdin.read())
rest = iter(words(page.text))
for number, word in enumerate(words(open(sys.argv[1], encoding='utf-8').read())):
    if word not in rest:
        sys.exit(f'word {number}, "{word}", is missing behind those before it')
