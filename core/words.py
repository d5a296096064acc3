"""The words of the house: a catalogue by language, and how money, dates and rates are written in it.

Every text for people stands in ``locales/<language>/LC_MESSAGES/*.po``: ``chat`` (screens and buttons), ``letters``
(written notices), ``pages``, ``formats`` (patterns of amounts and dates) and so on. The message id is a key such as
``case.head``, never the text itself. All files of a language are merged and compiled in memory, so a language is
added by adding its folder. Callers pass the language; nothing here remembers one.
What a language lacks is taken from Swedish, the original. A key that Swedish lacks too is a bug and raises KeyError.
A text with a count in it may have plural forms in any language: the first count among its values chooses the form.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

ORIGINAL = "sv"
#: What is spoken with those who work here and whose language lacks the house's own words.
COMMON = "en"
_HOUSE_KEY = "task.other"  # only a language with those words has it
HERE = ZoneInfo("Europe/Stockholm")

_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TWO_STOPS = re.compile(r"(?<=\d)\.\.(?!\.)")  # a Bosnian day has its own: 8. 8.
#: A placeholder with the Latin words before it, which belong to it: ``OCR {ocr}``.
_NAMED = re.compile(r"((?:[A-Za-z][A-Za-z.-]*[ \u00a0])*)\{(\w+)\}")
#: A letter that is written from right to left.
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NUMBER_WORDS = 12


class Counted(str):
    """A count in words or figures, which still knows its number, so that the words around it take the right form."""

    __slots__ = ("n",)
    n: int

    def __new__(cls, said: str, n: int) -> "Counted":
        made = super().__new__(cls, said)
        made.n = n
        return made


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a folder, the original first."""
    folders = (entry.name for entry in files("locales").iterdir() if (entry / "LC_MESSAGES").is_dir())
    return tuple(sorted(folders, key=lambda name: (name != ORIGINAL, name)))


def domains(lang: str) -> dict[str, Catalog]:
    """The .po files of a language as they stand on disk, by name (``chat``, ``letters`` …)."""
    found: dict[str, Catalog] = {}
    for entry in sorted((files("locales") / lang / "LC_MESSAGES").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".po"):
            with entry.open("rb") as lines:
                found[entry.name.removesuffix(".po")] = read_po(lines, locale=lang)
    return found


@cache
def _catalogue(lang: str) -> GNUTranslations:
    """All files of a language as one; unfinished (fuzzy) entries are left out."""
    merged = _merged(lang)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    if lang != ORIGINAL:
        translations.add_fallback(_catalogue(ORIGINAL))
    return translations


@cache
def _merged(lang: str) -> Catalog:
    merged = Catalog(locale=lang)
    for name, catalogue in domains(lang).items():
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            if message.id in merged:
                raise ValueError(f"{message.id} stands twice in {lang}, the second time in {name}.po")
            merged.add(message.id, message.string)
    return merged


@cache
def _counted_by(lang: str, key: str) -> tuple[str, ...]:
    """The placeholders of a key that has plural forms in this language, as they come; none for any other key."""
    message = _merged(lang).get(key)
    if message is None or isinstance(message.id, str):
        return ()
    return tuple(dict.fromkeys([*_placeholders(message), *_placeholders_of_original(key)]))


@cache
def _placeholders_of_original(key: str) -> tuple[str, ...]:
    """A form may say its count in words of its own ("one payment"); then the original tells what is counted."""
    message = _merged(ORIGINAL).get(key)
    return _placeholders(message) if message else ()


def _placeholders(message: Message) -> tuple[str, ...]:
    forms = (message.string,) if isinstance(message.string, str) else message.string or ()
    return tuple(name for form in forms for name in _PLACEHOLDER.findall(form))


def choose(wanted: Iterable[str], default: str = ORIGINAL) -> str:
    """The language that suits best, from tags such as ``en-GB`` in order of preference."""
    tags = [tag.replace("_", "-") for tag in wanted]
    return negotiate_locale([_also().get(_first(tag), tag) for tag in tags], list(languages()), sep="-") or default


@cache
def offered() -> tuple[str, ...]:
    """The languages in the order in which they are offered: ``about.place`` of each, the others last."""

    def place(lang: str) -> tuple[int, str]:
        own = _merged(lang).get("about.place")
        return int(str(own.string)) if own else len(languages()), lang

    return tuple(sorted(languages(), key=place))


@cache
def _also() -> dict[str, str]:
    """Languages whose readers understand one of ours, by the first part of their tags: Croatian reads Bosnian."""
    pairs = ((also, lang) for lang in languages() if has(lang, "about.also") for also in _listed(lang, "about.also"))
    return {also: lang for also, lang in pairs if also not in languages()}


def _listed(lang: str, key: str) -> list[str]:
    return [part.strip() for part in text(lang, key).split(";")]


def _first(tag: str) -> str:
    return tag.partition("-")[0].lower()


def known(lang: str) -> str:
    """The language itself, or the original where a chat remembers one that is no longer there."""
    return lang if lang in languages() else ORIGINAL


def of_the_house(lang: str) -> str:
    """The language for staff, creditors and the terminal: one without the house's words gives way to English whole."""
    return lang if _HOUSE_KEY in _merged(known(lang)) else COMMON


def text(lang: str, key: str, **values: object) -> str:
    """The text of a key with its ``{placeholders}`` filled in."""
    if (n := _count(known(lang), key, values)) is not None:
        return _plural(lang, key, n, values)
    found = _catalogue(known(lang)).gettext(key)
    if found == key:
        raise KeyError(key)
    return _filled(lang, found, values)


def _count(lang: str, key: str, values: dict[str, object]) -> int | None:
    """The first count among the values of a key that has plural forms; figures count where nothing else does."""
    named = [values.get(name) for name in _counted_by(lang, key)]
    for value in named:
        if isinstance(value, Counted):
            return value.n
        if isinstance(value, int):
            return value
    return next((int(value) for value in named if isinstance(value, str) and value.isdecimal()), None)


def plural(lang: str, key: str, n: int, **values: object) -> str:
    """The text of a key in the plural form that the language has for ``n``, which is also ``{n}``."""
    return _plural(lang, key, n, values)


def _plural(lang: str, key: str, n: int, values: Mapping[str, object]) -> str:
    found = _catalogue(known(lang)).ngettext(key, key, n)
    if found == key:
        raise KeyError(key)
    return _filled(lang, found, {"n": n, **values})


def has(lang: str, key: str) -> bool:
    """Whether the catalogue knows the key, for texts that some languages need and others do not."""
    return key in _merged(known(lang)) or _catalogue(known(lang)).gettext(key) != key


def _filled(lang: str, pattern: str, values: Mapping[str, object]) -> str:
    """Values are put in once and never read as patterns themselves; right to left they stand isolated."""

    def apart(found: re.Match[str]) -> str:
        named, filled = found[1], str(values[found[2]])
        return named + isolate(filled) if _RTL.search(filled) else isolate(named + filled)

    if direction(lang) == "rtl":
        return _NAMED.sub(apart, pattern)
    return _TWO_STOPS.sub(".", _PLACEHOLDER.sub(lambda found: str(values[found[1]]), pattern))


def isolate(run: str) -> str:
    """A run that keeps its own direction inside right-to-left text (U+2068 … U+2069).

    Words of such a script run right to left also where a number's unit in Latin letters comes before them (U+200F).
    """
    return f"\u2068\u200f{run}\u2069" if _RTL.search(run) else f"\u2068{run}\u2069"


def language_name(lang: str) -> str:
    """The language in its own tongue: Svenska, English, Suomi."""
    if lang in languages() and has(lang, "about.name"):
        return text(lang, "about.name")
    return capital(Locale.parse(lang, sep="_").get_language_name() or lang)


def unread(lang: str) -> bool:
    """Whether nobody who grew up with the language has read its texts yet; the catalogue says so itself."""
    return "about.unread" in _merged(known(lang))


@cache
def direction(lang: str) -> str:
    """``ltr`` or ``rtl``."""
    return locale(lang).text_direction


@cache
def locale(lang: str) -> Locale:
    """The region whose habits the language follows here: Swedish English writes day before month."""
    return Locale.parse(_catalogue(known(lang)).gettext("format.locale"))


# Money. In: whole öre. Out: no-break spaces, the minus of the language.


@lru_cache(maxsize=4096)
def amount(ore: int, lang: str) -> str:
    """``1 248,22``, ``1,248.22``: a sum without its unit, always with öre."""
    return format_decimal(Decimal(ore) / 100, format="#,##0.00", locale=locale(lang))


def money(ore: int, lang: str) -> str:
    """``1 248,22 kr``, ``SEK 1,248.22``."""
    return text(lang, "format.money", amount=amount(ore, lang))


def kronor(ore: int, lang: str) -> str:
    """In running text whole kronor stand without öre, ``500 kr``, ``SEK 500``; a sum with öre keeps them."""
    if ore % 100:
        return money(ore, lang)
    return text(lang, "format.money", amount=format_decimal(ore // 100, format="#,##0", locale=locale(lang)))


def per_day(ore: int, lang: str) -> str:
    """What a day costs: ``27 öre``, ``SEK 0.27``, and from one krona on like any sum."""
    if ore >= 100:
        return money(ore, lang)
    return text(lang, "format.below_krona", ore=ore, amount=amount(ore, lang))


@lru_cache(maxsize=512)
def percent(bp: int, lang: str) -> str:
    """Basis points as a rate: 1000 is ``10 %``, ``10%``; 1050 is ``10,5 %``."""
    here = locale(lang)
    pattern = here.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return format_percent(Decimal(bp) / 10_000, format=pattern, locale=here)


@lru_cache(maxsize=512)
def points(bp: int, lang: str) -> str:
    """Basis points as percentage points without a sign: 800 is ``8``."""
    return format_decimal(Decimal(bp) / 100, format="#,##0.##", locale=locale(lang))


def number(n: int, lang: str) -> str:
    """Counts are words up to twelve and figures after that."""
    if 0 <= n <= _NUMBER_WORDS:
        return Counted(text(lang, f"number.{n}"), n)
    return Counted(format_decimal(n, format="#,##0", locale=locale(lang)), n)


# Dates and hours. A date never breaks across lines between the day and its month.


def day(on: date, lang: str) -> str:
    """``31 juli``, ``31 July``."""
    return _date(on, "day", lang)


def day_year(on: date, lang: str) -> str:
    """``31 juli 2025``, ``31 July 2025``: in receipts and letters."""
    return _date(on, "day_year", lang)


def weekday_day(on: date, lang: str) -> str:
    """``måndag 4 augusti``, ``Monday 4 August``."""
    return _date(on, "weekday_day", lang)


def weekday_day_year(on: date, lang: str) -> str:
    """``måndag 25 augusti 2025``, ``Monday 25 August 2025``."""
    return _date(on, "weekday_day_year", lang)


def deadline(on: date, today: date, lang: str) -> str:
    """A last day carries its weekday, and its year when it lies more than six months away."""
    return weekday_day(on, lang) if abs((on - today).days) <= 183 else weekday_day_year(on, lang)


def period(start: date, end: date, lang: str) -> str:
    """``2 till 31 juli``, ``2 juli till 3 augusti``, ``2 juli 2025 till 3 januari 2026``; one day is that day."""
    if start == end:
        return day(end, lang)
    if start.year != end.year:
        first, last = day_year(start, lang), day_year(end, lang)
    elif start.month != end.month:
        first, last = day(start, lang), day(end, lang)
    else:
        first, last = str(start.day), day(end, lang)
    return text(lang, "format.period", start=first, end=last)


def period_year(start: date, end: date, lang: str) -> str:
    """``2 till 31 juli 2025``: a period in a letter carries its year."""
    if start == end or start.year != end.year:
        return day_year(end, lang) if start == end else period(start, end, lang)
    first = str(start.day) if start.month == end.month else day(start, lang)
    return text(lang, "format.period", start=first, end=day_year(end, lang))


def clock(at: datetime, lang: str) -> str:
    """``klockan 14.07``, ``2:07 pm``, in Swedish local time. The instant is aware."""
    return _time(at, "clock", lang)


def hour_minute(at: datetime, lang: str) -> str:
    """``14.07``: for staff and in lists."""
    return _time(at, "hour_minute", lang)


def said_at(at: datetime, lang: str) -> str:
    """``14.07``, ``2:07 pm``: beside a message."""
    return _time(at, "said_at", lang)


def moment(at: datetime, lang: str) -> str:
    """``31 juli 2025 klockan 14.07``, ``31 July 2025 at 2:07 pm``: in receipts."""
    return text(lang, "format.moment", day=day_year(at.astimezone(HERE).date(), lang), clock=clock(at, lang))


@lru_cache(maxsize=4096)
def _date(on: date, pattern: str, lang: str) -> str:
    return format_date(on, text(lang, f"format.{pattern}"), locale=locale(lang))


def _time(at: datetime, pattern: str, lang: str) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return format_time(at.astimezone(HERE), text(lang, f"format.{pattern}"), tzinfo=HERE, locale=locale(lang))


# Sentences.


def listed(parts: Iterable[str], lang: str) -> str:
    """``a, b och c``; no parts give nothing."""
    return format_list(list(parts), locale=locale(lang))


def capital(sentence: str) -> str:
    """The first letter large, the rest as it is."""
    large = sentence[:1].upper() + sentence[1:]
    return Counted(large, sentence.n) if isinstance(sentence, Counted) else large


def clause(sentence: str, lang: str, *names: str) -> str:
    """A person's own sentence as the end of one of ours: begun small and without its stop.

    What is no mere beginning stays large: one of ``names``, an abbreviation or a number, and English *I*.
    """
    said = sentence.strip().rstrip(". ")
    first = _WORD.match(said)
    if first is None or (lang == "en" and first[0] == "I"):
        return said
    known = {word for name in names for word in _WORD.findall(name)}
    if first[0][1:] != first[0][1:].lower() or first[0].removesuffix("s") in known or first[0] in known:
        return said
    return said[:1].lower() + said[1:]
