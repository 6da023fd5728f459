"""What C# has and these expressions do not, each with what to write instead.  Reference section 12.4, tier E."""

from typing import Final

_BODY: Final = "decide by headers, query, path or claims: bodies pass through the gateway unread."
_LIST: Final = "use Contains, First, Last, FirstOrDefault or an index, or a choose with a when for each case."
_NO_LOOP: Final = "use Contains, Split, First or Last, or a choose with a when for each case."
_CRYPTO: Final = "let validate-jwt check tokens, and the backend everything else."
_PLAIN: Final = "work with strings, numbers, bool, DateTime and the members of context."
_NO_LINQ: Final = (
    "Where Select SelectMany Any All Aggregate OrderBy OrderByDescending ThenBy GroupBy Distinct Skip Take SkipWhile"
    " TakeWhile ToList ToArray ToDictionary Single SingleOrDefault Union Intersect Except Zip Cast OfType Sum Max"
    " Min Average Reverse ForEach AsEnumerable"
)
_OBJECTS: Final = "JObject JToken JArray JProperty JValue JsonConvert XElement XDocument XNode XAttribute XName"
_CRYPTOGRAPHY: Final = (
    "RSA RSACryptoServiceProvider HMACSHA1 HMACSHA256 HMACSHA384 HMACSHA512 HMACMD5 SHA1 SHA256 SHA384 SHA512 MD5 Aes"
    " SymmetricAlgorithm X509Certificate2 RandomNumberGenerator"
)
_OTHER_TYPES: Final = (
    "StringBuilder List Dictionary HashSet Stack Queue Tuple Random Uri Type Activator Assembly Environment Thread Task"
    " BitConverter Encoding Stream MemoryStream StringReader IEnumerable Enumerable Array Nullable dynamic XmlConvert"
)

# fmt: off
NAMES: Final = {  # where a name begins an expression
    **dict.fromkeys(_OBJECTS.split(), _BODY),
    **dict.fromkeys(_CRYPTOGRAPHY.split(), _CRYPTO),
    **dict.fromkeys(_OTHER_TYPES.split(), _PLAIN),
    "Regex": "use StartsWith, EndsWith, Contains, Split or IndexOf.",
    "RegexOptions": "use StartsWith, EndsWith, Contains, Split or IndexOf.",
    "Convert": "use int.Parse, long.Parse, double.Parse, bool.Parse or ToString().",
    "Math": "compare by < and >, in a `condition ? a : b`.",
    "System": "leave `System.` out: write string, Guid, DateTime.",
    "Newtonsoft": _BODY,
    "Encoding": "work with strings: there are no byte arrays.",
    "typeof": _PLAIN, "nameof": "write the name in quotes.", "sizeof": _PLAIN, "checked": _PLAIN, "unchecked": _PLAIN,
    "default": 'write the value: null, false, 0 or "".',
    "await": _PLAIN, "async": _PLAIN, "delegate": _PLAIN, "stackalloc": _PLAIN,
    "this": "use context.", "base": "use context.",
    "from": _LIST,
}
MEMBERS: Final = {  # behind a dot
    **dict.fromkeys(_NO_LINQ.split(), _LIST),
    "Body": _BODY,
    "As": _BODY,
    "Certificate": "let the listener's TLS settings ask for client certificates.",
    "Certificates": "name keys in validate-jwt.",
    "Encrypt": _CRYPTO, "Decrypt": _CRYPTO, "VerifyNoRevocation": _CRYPTO, "ComputeHash": _CRYPTO,
    "GetType": _PLAIN, "GetMethod": _PLAIN, "Invoke": _PLAIN, "GetHashCode": "compare by == or Equals.",
    "Trace": "leave it out: the gateway's own trace shows every element and what it saw.",
    "Groups": "require the claim `groups` by validate-jwt.",
    "Identities": "require the claim `idp` or `iss` by validate-jwt.",
    "Apis": "compare context.Api.Id.",
    "Protocols": "compare context.Request.OriginalUrl.Scheme.",
    "SubscriptionKeyParameterNames": "write the name of the header.",
}
STATEMENTS: Final = {
    **dict.fromkeys(("for", "foreach", "while", "do", "break", "continue", "goto", "yield"), _NO_LOOP),
    "switch": "use if and else, or choose.",
    "try": "test with ?. , ?? and TryParse, or handle it in on-error.",
    "throw": "return a value, and use return-response in a choose.",
    **dict.fromkeys(("using", "lock", "fixed", "unsafe", "const", "static"), "declare, then if, else and return."),
}
OPERATORS: Final = {
    "=>": _LIST,
    **dict.fromkeys(("++", "--", "+=", "-=", "*=", "/=", "%="), "assign by `name = name + 1;`."),
    **dict.fromkeys(("&", "|", "^", "~", "<<", "&=", "|=", "^="), "use && , || and ! on bool."),
    "??=": "write `name = name ?? value;`.",
    "is": "compare by ==, or convert by `as` and compare with null.",
    "..": "use Substring.",
    "::": "leave it out.",
    "->": "use a dot.",
    "#": "leave preprocessor lines out.",
}
# fmt: on
