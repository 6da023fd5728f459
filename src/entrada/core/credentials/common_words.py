"""What guessers try first: the words that most leaked passwords are made of, in lower case.

Written down from general knowledge, not from a leaked list.  Runs such as 12345 and aaaa, and years, need no row:
`password` knows them.  A tenant adds its own in its policies.
"""

from typing import Final

COMMON_WORDS: Final = frozenset(
    """
    password passwort passwd passcode pass word motdepasse contrasena wachtwoord senha parola haslo salasana lozinka
    heslo geheim secret secreto segreto hemmelig tajne private privat login logon signin signon access account user
    username guest admin administrator administrador root superuser sysadmin master manager operator service support
    helpdesk welcome willkommen bienvenue bienvenido welkom hello hallo hola bonjour ciao goodbye letmein letme open
    opensesame sesame changeme change changeit default temp temporary temporal initial test tester testing demo sample
    example dummy trial trustno trust nobody someone anyone anything nothing something whatever whocares idontknow
    forgot forget remember remind please thanks thankyou sorry enter enterpassword mypassword yourpassword newpassword
    oldpassword qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdf asdfg asdfgh asdfghjkl zxcv zxcvb zxcvbn
    zxcvbnm yxcvbnm qaz qazwsx wsxedc qweasd qweasdzxc asdqwe poiuyt lkjhgf mnbvcxz qwer rewq werty uiop hjkl fghj
    edc rfv tgb yhn ujm
    1q2w 1q2w3e 1q2w3e4r 1qaz 2wsx 3edc 4rfv 1qaz2wsx q1w2 q1w2e3 q1w2e3r4 a1b2 a1b2c3 a1b2c3d4 abc123 123abc 123qwe
    qwe123 asd123 zaq1 xsw2 iloveyou iloveu loveyou loveme lovely love lover liebe amour amor amore teamo darling
    sweetheart sweetie honey sugar baby babygirl babyboy angel princess prince queen king kitty kitten bunny puppy
    sunshine moonlight starlight rainbow flower rose daisy lily jasmine butterfly dragon dragons monkey tiger lion
    eagle falcon hawk wolf panther phoenix unicorn dolphin turtle elephant horse chicken cookie cheese chocolate
    banana apple orange cherry strawberry peaches pepper ginger coffee pizza summer winter spring autumn fall sommer
    herbst fruehling hiver automne verano invierno estate inverno january february march april june july august
    september october november december januar februar maerz juni juli oktober dezember monday tuesday wednesday
    thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag today tomorrow
    yesterday morning night season holiday vacation weekend christmas halloween easter birthday newyear football
    fussball futbol soccer baseball basketball hockey golf tennis cricket rugby racing runner player player1 gamer
    winner champion champions victory liverpool chelsea arsenal manchester united barcelona madrid juventus bayern
    dortmund celtic rangers yankees cowboys steelers lakers dodgers packers eagles raiders redsox redskins patriots
    broncos superman batman spiderman ironman wonderwoman hulk avengers marvel starwars startrek skywalker vader yoda
    jedi matrix neo hogwarts harrypotter gandalf hobbit frodo pokemon pikachu charizard mario luigi zelda sonic
    minecraft fortnite roblox counterstrike halo doom warcraft diablo naruto goku dragonball simpsons mickey minnie
    disney garfield snoopy scooby tweety barbie hellokitty metallica nirvana slipknot eminem beatles elvis madonna
    michael michelle jordan jordan23 jessica jennifer ashley amanda nicole daniel daniela andrew anthony thomas robert
    william charlie george matthew joshua justin brandon taylor hunter harley buster maggie sophie samantha stephanie
    melissa danielle chelsey alexander alexandra andrea angela barbara benjamin christian christina christopher david
    elizabeth emily hannah isabella jackson jacob james jasper john jonathan joseph karen katherine kevin laura lauren
    linda maria martin mary natalie nicholas oliver olivia patricia patrick peter rachel rebecca richard ronald ryan
    sandra sarah scott sebastian stefan steven susan tigger victoria vincent virginia zachary shadow ranger killer
    hacker ninja pirate wizard legend hero knight warrior soldier sniper assassin trooper mustang corvette ferrari
    porsche mercedes toyota honda yamaha suzuki ducati chevy camaro lexus jaguar cadillac audi volvo cooper viper
    thunder lightning storm hurricane tornado blizzard snowball snowman summertime freedom liberty justice peace
    happiness happy lucky smile smiley heaven jesus christ church faith blessed genesis gospel money cash dollar
    dollars million millionaire business company corporate office finance payroll marketing sales accounting personnel
    employee internet computer laptop desktop keyboard monitor mouse server network database system security secure
    safety firewall router wireless wifi bluetooth windows microsoft azure entra entrada office365 outlook sharepoint
    google gmail chrome android iphone samsung nokia apple123 facebook twitter linkedin instagram youtube whatsapp
    tiktok amazon netflix paypal ebay yahoo hotmail linux ubuntu debian oracle cisco cloud docker github gitlab python
    java javascript america american canada england london paris berlin germany deutschland france italia espana
    brasil mexico india china japan tokyo russia moscow poland sweden norway denmark holland amsterdam australia
    sydney texas florida california boston chicago dallas newyork phoenix1 seattle denver hamburg muenchen vienna
    zurich blue red green yellow black white purple silver golden gold orange1 pink colour color crimson scarlet
    indigo one two three four five six seven eight nine zero hundred thousand alpha beta gamma delta omega sigma bravo
    foxtrot fuckyou fuck fucker fuckoff shit asshole bitch bastard biatch pussy dick sexy sexsex porn
    """.split()  # noqa: SIM905 - one line for each word would hide the list
)
