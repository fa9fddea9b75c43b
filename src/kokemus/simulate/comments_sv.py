"""What is said in Swedish as written in Finland. The nouns in slots are all of common gender."""

from kokemus.simulate.comments_sv_blame import BLAME
from kokemus.simulate.comments_sv_praise import PRAISE

_WORDS = """
cases who: def obj
visit who: montören|montören / elektrikern|elektrikern / installatören|installatören
cleaning who: städaren|städaren
care who: skötaren|skötaren / hemvårdaren|hemvårdaren
sales who: säljaren|säljaren / rådgivaren|rådgivaren
delivery who: chauffören|chauffören / föraren|föraren
meeting plan who: kontaktpersonen|kontaktpersonen / servicehandledaren|servicehandledaren
complaint who: handläggaren|handläggaren
phone chat who: kundrådgivaren|kundrådgivaren / kundbetjänaren|kundbetjänaren
invoice web order booking app who: kundtjänsten|kundtjänsten
relation who: personalen|personalen
cases thing: def
visit thing: installationen
cleaning thing: städningen
care thing: omsorgen
sales thing: rådgivningen
delivery thing: leveransen
meeting thing: starten
plan thing: planen
phone thing: telefontjänsten
chat thing: chatten
complaint thing: reklamationen
relation thing: servicen
invoice thing: fakturan
web thing: webbplatsen / sajten
order thing: webbutiken / beställningsblanketten
booking thing: tidsbokningen
app thing: appen
cases device: def
* device: luftvärmepumpen / laddstationen / diskmaskinen / tvättmaskinen
* device: köksfläkten / termostaten / induktionsspisen / varmvattenberedaren
cases it: def
* it: den
cases name: nom he him his
* name: Malin|hon|henne|hennes / Kristian|han|honom|hans / Gun|hon|henne|hennes
* name: Johan|han|honom|hans / Åsa|hon|henne|hennes / Mats|han|honom|hans
* name: Linnéa|hon|henne|hennes / Niklas|han|honom|hans / Mikael|han|honom|hans
* name: Carita|hon|henne|hennes / Sofie|hon|henne|hennes
invoice web order booking app relation name: hela gänget|de|dem|deras
"""

_SENTENCES = """
[high]
4* {^good1}.
6* {^good1} och {good2}.
6* {^good1}. {^good2}.
4* {^good1}. {^good2}. {^good3}.
2* {^good1}, men {but}.
2* {^good1}. Enda minuset: {mild}.
2* {^good1}, fast {mild}.
3* {cheer} {^good1}.
3* {^good1}. {thanks}
3* {^good1} och {good2}. {thanks}
2* {cheer} {^good1}. {^good2}.
1* {^good1}. {again}
1* {^good1} och {good2}. {again}
[middle]
3* {^bad1}, men till slut ordnade det sig fint.
5* {^good1}, men {but}.
5* {^bad1}, men {yet}.
4* {^bad1}, men annars {fine}.
3* Annars {fine}, men {bad1}.
3* {^good1}. {^but}.
2* {^bad1}. {^yet}. {wish}
2* Helt okej, men {bad1}. {wish}
2* {^bad1}. {wish}
2* {^good1}, men {but}. {contact}
[low]
5* {^bad1}.
6* {^bad1} och {bad2}.
6* {^bad1}. {^bad2}.
4* {^bad1}. {^bad2}. {^bad3}.
3* {^bad1}, fast {yet}.
2* {^yet}, men {bad1}.
4* {^bad1}. {angry}
3* {^bad1} och {bad2}. {angry}
3* {^bad1}. {wish}
3* {^bad1}. {contact}
2* {^bad1}. {^bad2}. {angry} {contact}
[middle.login]
4* {^login}.
3* {^login}, men annars {fine}.
3* {^login}. {wish}
2* {^login} och {bad2}.
[low.login]
4* {^login}.
3* {^login}. {^login2}.
3* {^login}. {angry}
2* {^login} och {bad2}.
2* {^login}. {contact}
[high.reminder]
4* {^good1}, men {reminder}.
3* {^good1}. Enda minuset: {reminder}.
3* {^reminder}, men annars {fine}.
[middle.reminder]
4* {^reminder}.
3* {^reminder}, men annars {fine}.
3* {^reminder}. {wish}
[low.reminder]
4* {^reminder}.
3* {^reminder}. {^reminder2}.
3* {^reminder}. {angry}
2* {^reminder} och {bad2}.
[reminder]
det utlovade textmeddelandet kom först när {who} redan stod vid dörren
den utlovade påminnelsen kom först efteråt
ni lovade ett textmeddelande i tid och det kom {n} timmar för sent
det utlovade textmeddelandet kom först samma morgon
ett textmeddelande var utlovat dagen innan, men löftet hölls inte
det utlovade textmeddelandet om tiden kom inte i tid
[reminder2]
jag hann inte ordna så att någon var hemma
jag gick från jobbet i onödan mitt på dagen
förr kom meddelandet alltid dagen innan
jag måste ringa och fråga om tiden
[login]
inloggningen lyckades inte {tries}
det går inte att logga in i appen {since}
inloggningen hänger sig, jag försökte {n} gånger
appen kastar ut mig genast när jag har loggat in
jag kunde inte logga in i tidsbokningen {tries}
identifieringen med bankkoder misslyckas {tries}
man måste logga in på nytt hela tiden
inloggningen ger bara ett felmeddelande {since}
[login2]
det hjälpte inte att byta lösenord
därför blev tiden obokad
till slut måste jag ringa
den gamla versionen fungerade bättre
jag installerade om hela appen i onödan
[since]
efter uppdateringen
sedan förra veckan
sedan några dagar tillbaka
efter den nya versionen
[tries]
trots flera försök
fast jag försökte {n} gånger
{weekday}
[mild]
priset kunde vara lite lägre
jag fick vänta en stund
ett textmeddelande på förhand hade varit bra
samma uppgifter frågades två gånger
öppettiderna kunde vara längre
det var lite svårt att hitta en lämplig tid
bekräftelsen kunde ha kommit lite tidigare
[brief.high]
3* Bra service
3* Allt ok
2* Tack
2* Fungerade bra
2* Snabbt och smidigt
2* Allt gick bra.
Inget att klaga på
Utmärkt service
Jättebra
Mycket nöjd
Tack {name}
Bästa servicen på länge
Trevligt bemötande, tack
Fortsätt på samma sätt
Smidigt som alltid
[brief.middle]
2* Helt okej
2* Duger
Sådär
Inget särskilt att säga
Ok, inget att klaga på
Det finns rum för förbättring.
[brief.low]
2* Dålig service
2* Fungerar inte
En besvikelse
Rekommenderar inte
Riktigt dåligt
Inte så här.
Pengarna tillbaka
Under all kritik
Jag väntade mig mer
Aldrig mera
[cheer]
Tack!
Underbart!
Fint jobbat.
Allt sköttes fint.
Jag är {very} nöjd.
Femstjärnig service.
Så här ska det vara.
Tack till {name}.
[thanks]
Tack!
Stort tack till {name}.
Tack för god service.
Ett stort tack till hela gänget.
Tack och ha det så bra.
Hälsa {name}!
{^name} förtjänar ett särskilt tack.
[again]
Jag anlitar er gärna på nytt.
Jag rekommenderar er åt grannarna.
Jag har redan rekommenderat er åt min syster.
Kan bara rekommenderas.
Jag beställer säkert igen.
[angry]
Jag rekommenderar inte er åt någon.
Aldrig mera.
Jag byter firma.
Jag tänker inte betala fullt pris för det här.
En rejäl besvikelse.
Så här kan man inte göra.
Nästa gång ringer jag någon annan.
Vi har varit kunder i {n} år, men inte nu längre.
Jag väntade mig bättre av er.
[wish]
Hoppas det blir bättring.
Det här kunde ni satsa mera på.
Nästa gång hoppas jag på bättre.
Ett litet textmeddelande hade räckt.
Det vore trevligt att få veta hur saken framskrider.
Det här borde ni lära er av.
Kunde man göra det här enklare?
Vänligen rätta till det här.
[contact]
4* Ring mig på {phone}.
3* Jag nås på numret {phone}.
2* Jag väntar på att ni hör av er. {signed}
2* Kan ni ringa tillbaka?
2* Jag hoppas att någon kontaktar mig.
Mitt nummer är {phone}, säkrast nås jag på eftermiddagen.
[signed]
Hälsningar {signer}
Mvh {signer} {surname}
[signer]
Karin
Bo
Margareta
Stefan
Pia
Gunilla
[surname]
Nygård
Lindholm
Björklund
Ekholm
Backman
[phone]
+46 70 174 06 {n}{d}
+467017406{n}{d}
[fine]
gick allt bra
var det helt okej
är jag nöjd
var servicen bra
fungerar det fint
[very]
2* riktigt
2* väldigt
mycket
[d]
0
1
2
3
4
5
6
7
8
9
[n]
3
4
5
6
7
8
[weekday]
i måndags
i tisdags
i onsdags
i torsdags
i fredags
i lördags
förra veckan
[weekday.to]
måndagen
tisdagen
onsdagen
torsdagen
fredagen
[fast]
genast
snabbt
inom en minut
på ett par minuter
överraskande snabbt
[soon]
snabbt
samma dag
genast följande dag
smidigt
[long]
över en timme
nästan två timmar
en halv timme
tre kvart
en och en halv timme
drygt en timme
2* {ten} minuter
[ten]
25
35
40
45
50
55
[days]
en vecka
tre dagar
två veckor
en och en halv vecka
nästan en månad
fyra dagar
en hel vecka
[ontime]
exakt på avtalad tid
i tid
precis när det var lovat
på minuten
i tid {weekday}
lite före utsatt tid
[friendly]
vänlig
trevlig
artig
hjälpsam
lugn
saklig
omtänksam
[friendly2]
rask
kunnig
pålitlig
glad
[rude]
otrevlig
ointresserad
stressad
kort i tonen
nedlåtande
[money]
{ten} euro
{n}{d} euro
nästan hundra euro
{n}{d},{d}0 euro
[clean]
köket
badrummet
vardagsrummet
sovrummet
köksgolvet
"""

SWEDISH = (_SENTENCES + PRAISE + BLAME, _WORDS)
