"""What is praised in Swedish, theme by theme; a setting's own words come before the theme's."""

PRAISE = """
[good.waiting]
svaret kom {fast}
jag behövde inte vänta
allt gick snabbt
saken ordnades samma dag
[good.waiting.phone]
ni svarade {fast}
jag kom fram {fast}
jag behövde knappt köa alls
kön rörde sig överraskande snabbt
{who} svarade {fast}
ni ringde upp som ni hade lovat
[good.waiting.chat]
{who} svarade {fast}
i chatten behövde man inte vänta
jag fick svar {fast}
[good.waiting.visit]
3* {who} kom {ontime}
2* {who} var på plats {ontime}
jag fick en tid redan samma vecka
tidtabellen höll
{who} meddelade på förhand när det var dags
arbetet blev klart snabbare än väntat
[good.waiting.cleaning]
3* {who} kom {ontime}
den avtalade tiden höll
jag fick en städtid redan samma vecka
{who} var på plats {ontime}
[good.waiting.care]
3* {who} kom {ontime}
det fanns gott om tid för besöket
{who} stressade inte utan hann också prata
tidtabellen har hållit
[good.waiting.meeting]
{who} kom {ontime}
vi fick träffas redan samma vecka
det fanns gott om tid
[good.waiting.booking]
det fanns gott om lediga tider
jag fick en tid redan nästa dag
man behövde inte vänta i veckor på en tid
[good.waiting.app]
appen öppnas snabbt
svaret på meddelandet kom {fast}
[good.staff]
3* {who} var {very} {friendly}
2* {who} var {friendly} och {friendly2}
{who} lyssnade i lugn och ro
{who} tog sig tid att sätta sig in i saken
jag fick {very} vänlig betjäning
{who} orkade svara på alla frågor
jag blev väl bemött
det var lätt att samarbeta med {who:obj}
[good.staff.visit]
3* {who} var {very} {friendly}
{who} {name} var {very} {friendly}
{who} tog också hänsyn till katten
{who} skyddade golven och städade efter sig
det var lätt att komma överens med {who:obj}
{who} orkade svara på alla frågor
[good.staff.cleaning]
2* {who} var {very} {friendly}
{name} är helt underbar
{who} tog också hänsyn till hunden
det var lätt att komma överens med {who:obj} om önskemål
det betyder mycket att samma städare kommer varje gång
[good.staff.care]
3* {who} var {very} {friendly}
{name} är bekant och trygg för pappa
{who} bemötte mamma med värdighet
mamma ser alltid fram emot att {name} kommer
{who} pratade och lyssnade
{who} märkte genast att jag behövde hjälp
[good.staff.relation]
{who} är {friendly} och {friendly2}
det är lätt att ha att göra med {who:obj}
hos er är {who} {friendly} på riktigt
man får alltid {very} vänlig betjäning
{name} kommer ihåg oss vid namn
[good.competence]
{who} visste vad det handlade om
{who} kunde sin sak
{who} förstod genast vad det gällde
lösningen hittades snabbt
jag fick tydliga råd
problemet löstes på en gång
[good.competence.visit]
{who} kunde sitt jobb
slutresultatet var {very} snyggt
{device} installerades omsorgsfullt
{device} fungerar som den ska
{who} upptäckte ett gammalt fel och åtgärdade det på köpet
{who} hade läget under kontroll
allt blev klart på en gång
kablarna gömdes {very} snyggt
[good.competence.cleaning]
2* slutresultatet var {very} bra
hemmet doftade rent
{clean} var {very} omsorgsfullt städat
{clean} var skinande rent
{who} kom ihåg hörnen också
arbetet var noggrant gjort
[good.competence.care]
{who} kunde sitt jobb
{who} gjorde allt lugnt och säkert
medicinerna delades ut noggrant
{who} märkte en förändring i mammas mående
pappa mår klart bättre
[good.competence.relation]
kvaliteten är jämn och bra
hos er kan man sin sak
problemen löses för det mesta på en gång
[good.information]
jag fick tydliga anvisningar
informationen kom i tid
allt förklarades begripligt
jag visste hela tiden vad som var på gång
anvisningarna var tydliga
jag fick all information jag behövde
[good.information.delivery]
det var lätt att följa leveransen
textmeddelandet kom i god tid
{who} ringde före ankomsten
jag visste hela tiden var paketet var
[good.information.visit]
{who} visade steg för steg hur {device} används
jag fick tydliga anvisningar om hur {device} används
textmeddelandet kom i god tid före besöket
{who} berättade tydligt vad som skulle göras och varför
[good.information.invoice]
fakturan var tydlig
specifikationen var lätt att förstå
man ser genast vad man betalar för
allt var {very} tydligt specificerat
[good.information.plan]
planen var {very} tydlig
av planen ser man vem som kommer och när
alternativen gicks igenom begripligt
vi fick pappren hem att läsa i lugn och ro
[good.information.web]
det var lätt att hitta informationen
priserna fanns tydligt framme
[good.information.order]
bekräftelsen kom {fast} per e-post
all information fanns på en sida
[good.information.booking]
påminnelsen kom som textmeddelande dagen innan
bekräftelsen kom {fast}
[good.price]
priset var helt rätt
priset motsvarar kvaliteten
priset höll utan tillägg
jag fick valuta för pengarna
hushållsavdraget ordnades på samma gång
[good.price.invoice]
priset motsvarade offerten
fakturan stämde med det vi kom överens om
faktureringen gick utan överraskningar
hushållsavdraget var färdigt uträknat
betalningen gick {fast}
[good.delivery]
leveransen kom {ontime}
{device} kom fram hel
{who} bar in maskinen ända till köket
{who} tog den gamla maskinen med sig
leveransen gick precis som utlovat
paketet var väl packat
{device} kom redan samma vecka
[good.product]
{device} är tyst och fungerar bra
{device} är precis det jag beställde
jag är {very} nöjd med den nya apparaten
{device} har varit värd sitt pris
[good.digital]
{thing} fungerar {very} bra
{thing} är tydlig och enkel
{thing} fungerade också på mobilen
allt sköttes med några klick
{thing} har blivit klart bättre
det lyckades fast jag inte är någon datamänniska
[good.digital.booking]
jag fick tiden bokad på ett par minuter
tidsbokningen var {very} enkel
det gick lätt att själv flytta tiden
jag hittade en lämplig tid {fast}
bokningen lyckades utan problem också på mobilen
[good.digital.order]
det var {very} lätt att beställa
beställningen var gjord på ett par minuter
beställningen gick att göra på mobilen också
betalningen gick utan problem
[good.digital.app]
{thing} fungerar {very} bra
{thing} är tydlig och enkel
man ser behändigt alla meddelanden på ett ställe
man ser behändigt besöken i kalendern
påminnelserna är nyttiga
[good.digital.chat]
chatten var ett behändigt sätt att sköta saken
man fick hela diskussionen per e-post
[good.digital.invoice]
fakturan kom behändigt till nätbanken
det var lätt att ta i bruk e-faktura
[good.digital.relation]
appen underlättar vardagen
på nätet sköter man sakerna behändigt
[good.promises]
allt gick som vi hade kommit överens om
ni höll vad ni lovade
det vi avtalat sköttes {very} bra
det utlovade samtalet kom {weekday}
[good.promises.relation]
jag kan lita på det som lovas
det som avtalas håller
genom åren har allt gått som avtalat
[good.handoffs]
saken sköttes med en enda kontakt
jag behövde inte förklara saken mer än en gång
{who} redde ut saken ända till slut
informationen hade gått fram
[good.recovery]
felet rättades till {soon}
ni bad om ursäkt och gav gottgörelse
{who} ringde efteråt och kollade att allt var i ordning
jag fick gottgörelse utan att behöva tjata
reklamationen behandlades sakligt
{who} tog saken på allvar
[good.recovery.relation]
också felen har rättats till utan knot
när något har gått på tok har det ordnats
"""
