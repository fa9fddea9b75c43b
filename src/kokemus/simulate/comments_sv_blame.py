"""What is blamed in Swedish, theme by theme; a setting's own words come before the theme's."""

BLAME = """
[bad.waiting]
svaret lät vänta på sig i {days}
jag väntade på svar i {days}
ingen svarade på {days}
saken framskred plågsamt långsamt
[bad.waiting.phone]
2* jag köade {long}
man fick vänta {long} i telefon
det tog {long} att komma fram
ni ringde aldrig tillbaka
jag måste ringa {n} gånger innan någon svarade
samtalet bröts {n} gånger medan jag köade
[bad.waiting.chat]
i chatten fick man vänta {long}
{who} svarade först efter {long}
chatten bröts {n} gånger medan jag väntade
ingen svarade fast jag väntade {long}
[bad.waiting.visit]
3* {who} kom {long} för sent
2* jag väntade på {who:obj} i {long}
{who} kom inte på avtalad tid
besöket på {weekday.to} flyttades till följande vecka
jag tog ledigt från jobbet i onödan
{who} var {long} försenad och meddelade ingenting
man fick vänta {days} på installationen
[bad.waiting.cleaning]
3* {who} kom {long} för sent
{who} kom inte på avtalad dag
städningen uteblev helt {weekday}
besöket flyttades utan att någon meddelade
jag väntade på {who:obj} i {long}
[bad.waiting.care]
3* {who} kom {long} för sent
{who} gick innan tiden var slut
besöket uteblev helt {weekday}
{who} hade fått för lite tid
mamma väntade på {who:obj} i {long}
[bad.waiting.meeting]
man fick vänta {days} på mötet
{who} kom {long} för sent
starten drog ut på tiden med {days}
[bad.waiting.booking]
det fanns inga lediga tider på {days}
första lediga tid var först om en månad
jag fick leta {long} efter en lämplig tid
[bad.waiting.app]
det tar länge innan appen öppnas
meddelandet besvarades först efter {days}
[bad.staff]
3* {who} var {rude}
{who} lyssnade knappt
det kändes som om jag bara störde
{who} hade fel attityd
man talade till mig som till ett barn
{who} verkade inte bry sig om saken
{who} bad inte ens om ursäkt
[bad.staff.visit]
2* {who} var {rude}
{who} lämnade allt skräp på golvet
{who} gick inomhus med skorna på
{who} presenterade sig inte ens
{who} talade i telefon halva tiden
[bad.staff.cleaning]
{who} var {rude}
det kommer en ny person varje gång
{who} lyssnade inte på mina önskemål
{who} var märkbart trött och på dåligt humör
[bad.staff.care]
{who} var {rude}
2* det kommer en ny skötare varje gång
{who} presenterade sig inte ens
{who} tittade mera på telefonen än på mamma
{who} talade om mamma som om hon inte var där
[bad.staff.relation]
{who} är alltför ofta {rude}
{who} byts hela tiden
man ser inga bekanta ansikten längre
{who} har inte tid för kunden
[bad.competence]
{who} kunde inte hjälpa till
{who} visste knappt något om saken
jag fick fel råd
problemet löstes inte
{who} måste fråga allt av andra
jag fick {n} olika svar på samma fråga
[bad.competence.visit]
{device} blev sned
{device} fungerar fortfarande inte
{who} kände inte till modellen
arbetet blev på hälft
det blev extra hål i väggen
{who} hade fel delar med sig
samma jobb måste göras om {n} gånger
ingen testade om {device} fungerade
[bad.competence.cleaning]
{clean} blev helt ostädat
{clean} var bara ytligt avtorkat
det blev kvar damm i hörnen
golven blev kladdiga
{who} hade sönder en vas och sade inget
fönstren blev randiga
resultatet varierar från gång till gång
[bad.competence.care]
medicinerna var blandade
{who} kände inte till pappas vårdanvisningar
duschen uteblev igen
maten blev ouppvärmd
{who} frågade samma saker som den förra
[bad.competence.relation]
kvaliteten varierar för mycket
samma fel upprepas
man måste kontrollera allt själv
[bad.information]
informationen gick inte fram
ingen berättade något för mig
anvisningarna var röriga
det kom inget som helst meddelande
jag måste själv fråga efter
jag fick motstridig information
[bad.information.delivery]
ingen meddelade om leveranstiden på förhand
spårningskoden fungerade inte
textmeddelandet kom först när {who} redan stod vid dörren
ingen kunde säga något om leveransdagen
[bad.information.visit]
ingen visade hur {device} används
bruksanvisningen fanns bara på engelska
ingen berättade vad som händer härnäst
ingen meddelade när {who} skulle komma
jag fick ingen betjäning på svenska
[bad.information.invoice]
man blir inte klok på fakturan
specifikationen saknades helt
det framgår inte vad jag betalar för
den nya fakturan är {very} rörig
förfallodagen var gömd på andra sidan
[bad.information.plan]
planen var full av svåra ord
av planen framgår inte vem som kommer och när
planen kom på finska fast vi talar svenska
alternativen gicks inte igenom
[bad.information.web]
priserna hittas ingenstans
kontaktuppgifterna var gömda
alla sidor finns inte på svenska
[bad.information.order]
det kom ingen orderbekräftelse
leveransavgiften framgick först till sist
[bad.price]
priset var för högt
slutpriset blev {money} högre än offerten
priset steg igen utan förklaring
de tog {money} för resekostnader
priset motsvarade inte kvaliteten
[bad.price.invoice]
2* fakturan var {money} för hög
jag fakturerades två gånger
på fakturan fanns arbete som inte har gjorts
faktureringsavgiften är oskälig
fakturan kom {weekday} fast jag redan hade betalat
ni fakturerade {money} för resor fast det inte var tal om det
slutsumman stämde inte med offerten
gottgörelsen saknas fortfarande på fakturan
[bad.delivery]
leveransen var {days} försenad
{device} hade fått skador i transporten
{who} lämnade paketet ute i regnet
{who} gick inte med på att bära in maskinen
leveransen gick till fel adress
en del av beställningen saknades
leveransen som utlovats till {weekday.to} kom inte
paketet hade gått sönder
den gamla maskinen togs inte med
[bad.product]
{device} gick sönder {after}
{device} för ett väldigt oväsen
{device} var trasig redan som ny
{device} motsvarade inte beskrivningen
{device} måste justeras {n} gånger
[after]
redan första veckan
efter ett par dagar
genast vid första användningen
[bad.digital]
{thing} är långsam och rörig
{thing} kraschade {n} gånger
{thing} fungerar inte på mobilen
man måste mata in samma uppgifter många gånger
{thing} gav felmeddelanden utan förklaring
[bad.digital.booking]
kalendern visade inga lediga tider
bokningen försvann efter bekräftelsen
tidsbokningen är {very} krånglig
det gick inte att avboka tiden
tidsbokningen kraschade {n} gånger
systemet bokade fel dag åt mig
[bad.digital.order]
blanketten tömdes mitt i alltihop
betalningen gick inte igenom
beställningen måste göras om {n} gånger
adressen gick inte att rätta i efterhand
webbutiken hängde sig vid betalningen
[bad.digital.app]
{thing} kraschar hela tiden
{thing} är långsam och rörig
meddelandena kommer {long} för sent
meddelandena försvann ur appen
{thing} drar batteri något alldeles otroligt
det nya utseendet är rörigt
[bad.digital.chat]
chatten bröts mitt i allt
först fick man käbbla med en robot i {long}
[bad.digital.invoice]
e-fakturan kom inte till nätbanken
streckkoden fungerade inte
bilagan gick inte att öppna
[bad.digital.relation]
appen fungerar inte ordentligt
nättjänsten har blivit efter sin tid
[bad.promises]
man lovade ett och gjorde ett annat
det utlovade samtalet på {weekday.to} kom aldrig
man höll inte det vi kommit överens om
den utlovade gottgörelsen uteblev
{who} lovade återkomma men ingenting hände
[bad.promises.relation]
det lovas mer än ni klarar av att hålla
löftena glöms bort när avtalet är påskrivet
man håller inte det som har avtalats
[bad.handoffs]
jag bollades från avdelning till avdelning
jag måste förklara samma sak {n} gånger
ingen tog ansvar för saken
samtalet kopplades vidare {n} gånger
informationen gick inte mellan er och underleverantören
alla bad mig ringa någon annan
[bad.handoffs.visit]
informationen gick inte mellan er och underleverantören
elfirman och ni skyller bara på varandra
ingen hade berättat för {who:obj} vad som skulle göras
[bad.handoffs.care]
informationen går inte från skötare till skötare
varje gång måste man förklara allt från början
ingenting om mamma hade skrivits upp
[bad.handoffs.chat]
jag skickades från chatten till telefon och tillbaka
jag måste förklara samma sak {n} gånger
[bad.recovery]
reklamationen har inte besvarats på {days}
felet har fortfarande inte rättats till
jag väntade på gottgörelse i {days}
ni medgav felet först efter långt tjat
den gottgörelse som erbjöds var löjlig
{who} skyllde problemet på mig
jag väntade på reparationen i {days}
[bad.recovery.relation]
det tar alldeles för länge att rätta till fel
reklamationer besvaras inte
"""
