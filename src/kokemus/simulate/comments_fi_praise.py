"""What Finns praise, theme by theme; a setting's own words come before the theme's."""

PRAISE = """
[good.waiting]
vastaus tuli {fast}
en joutunut odottelemaan
kaikki kävi nopeasti
asia hoitui samana päivänä
[good.waiting.phone]
puhelimeen vastattiin {fast}
pääsin läpi {fast}
ei tarvinnut jonottaa juuri yhtään
jono liikkui yllättävän nopeasti
{who} vastasi {fast}
takaisinsoitto tuli niin kuin luvattiin
[good.waiting.chat]
{who} vastasi {fast}
chatissa ei tarvinnut odotella
sain vastauksen {fast}
[good.waiting.visit]
3* {who} tuli {ontime}
2* {who} saapui {ontime}
sain ajan jo samalle viikolle
aikataulu piti
{who} ilmoitti tulostaan etukäteen
työ valmistui nopeammin kuin odotin
[good.waiting.cleaning]
3* {who} tuli {ontime}
sovittu aika piti
sain siivouksen jo samalle viikolle
{who} oli paikalla {ontime}
[good.waiting.care]
3* {who} tuli {ontime}
käynnille oli varattu riittävästi aikaa
{who} ei hätäillyt, vaan ehti jutellakin
aikataulu on pitänyt
[good.waiting.meeting]
{who} tuli {ontime}
tapaaminen järjestyi jo samalle viikolle
aikaa oli varattu riittävästi
[good.waiting.booking]
vapaita aikoja löytyi hyvin
sain ajan jo seuraavalle päivälle
aikaa ei tarvinnut odottaa viikkoja
[good.waiting.app]
sovellus aukeaa nopeasti
vastaus viestiin tuli {fast}
[good.staff]
3* {who} oli {very} {friendly}
2* {who} oli {friendly} ja {friendly2}
{who} kuunteli rauhassa
{who:ade} oli aikaa paneutua asiaan
sain {very} ystävällistä palvelua
{who} jaksoi vastata kaikkiin kysymyksiin
minut otettiin hyvin vastaan
{who:gen} kanssa oli helppo asioida
[good.staff.visit]
3* {who} oli {very} {friendly}
{who} {name} oli {very} {friendly}
{who} otti lemmikitkin huomioon
{who} suojasi lattiat ja siivosi jälkensä
{who:gen} kanssa oli helppo sopia asioista
{who} jaksoi vastata kaikkiin kysymyksiin
[good.staff.cleaning]
2* {who} oli {very} {friendly}
{name} on aivan ihana
{who} otti lemmikitkin huomioon
{who:gen} kanssa oli helppo sopia toiveista
on iso asia, että meillä käy aina sama ihminen
[good.staff.care]
3* {who} oli {very} {friendly}
{name} on isälle tuttu ja turvallinen
{who} kohteli äitiä arvokkaasti
äiti odottaa aina {name:gen} käyntejä
{who} jutteli ja kuunteli
{who} huomasi heti, että tarvitsin apua
[good.staff.relation]
{who} on {friendly} ja {friendly2}
{who:gen} kanssa on helppo asioida
teillä on oikeasti {friendly} {who}
teiltä saa aina {very} ystävällistä palvelua
{name} muistaa meidät nimeltä
[good.competence]
{who} tiesi mistä puhui
{who} osasi asiansa
{who} ymmärsi heti, mistä oli kyse
ratkaisu löytyi nopeasti
sain selkeät neuvot
ongelma ratkesi kerralla
[good.competence.visit]
{who} osasi työnsä
työn jälki oli {very} siistiä
{device} asennettiin huolellisesti
{device} toimii niin kuin pitää
{who} huomasi samalla vanhan vian ja korjasi senkin
{who:ade} oli homma hallussa
kaikki tehtiin kerralla valmiiksi
johdot piilotettiin {very} siististi
[good.competence.cleaning]
2* jälki oli {very} hyvää
koti tuoksui puhtaalta
{clean} oli siivottu {very} huolellisesti
{clean} oli kiiltävän puhdas
{who} muisti nurkatkin
työ oli tehty tarkasti
[good.competence.care]
{who} osasi työnsä
{who} teki kaiken rauhassa ja varmasti
lääkkeet jaettiin huolella
{who} huomasi muutoksen äidin voinnissa
isän vointi on selvästi parempi
[good.competence.relation]
työn jälki on tasaisen hyvää
teillä osataan asiat
ongelmat ratkeavat yleensä kerralla
[good.information]
sain selkeät ohjeet
tieto tuli ajoissa
kaikki selitettiin ymmärrettävästi
tiesin koko ajan, missä mennään
ohjeet olivat selkeät
sain kaikki tarvittavat tiedot
[good.information.delivery]
toimituksen etenemistä oli helppo seurata
tekstiviesti tuli hyvissä ajoin
{who} soitti ennen tuloaan
tiesin koko ajan, missä lähetys on
[good.information.visit]
{device:gen} käyttö neuvottiin kädestä pitäen
sain selkeät ohjeet laitteen käyttöön
tekstiviesti tuli hyvissä ajoin ennen käyntiä
{who} kertoi selkeästi, mitä tehdään ja miksi
[good.information.invoice]
lasku oli selkeä
erittely oli helppo ymmärtää
laskusta näkee heti, mistä maksaa
kaikki oli eritelty {very} selkeästi
[good.information.plan]
suunnitelma oli {very} selkeä
suunnitelmasta näkee, kuka käy ja milloin
vaihtoehdot käytiin läpi ymmärrettävästi
paperit sai kotiin luettavaksi
[good.information.web]
tiedot löytyivät helposti
hinnat olivat selvästi esillä
[good.information.order]
vahvistus tuli sähköpostiin {fast}
kaikki tiedot olivat yhdellä sivulla
[good.information.booking]
muistutus tuli tekstiviestinä edellisenä päivänä
vahvistus tuli {fast}
[good.price]
hinta oli kohdallaan
hinta-laatusuhde on hyvä
hinta piti ilman lisiä
sain rahoilleni vastinetta
kotitalousvähennys hoitui samalla
[good.price.invoice]
hinta vastasi tarjousta
lasku täsmäsi sovittuun
laskutus sujui ilman yllätyksiä
kotitalousvähennys oli laskettu valmiiksi
maksaminen kävi {fast}
[good.delivery]
toimitus tuli {ontime}
{device} tuli ehjänä perille
{who} kantoi laitteen sisälle asti
{who} vei vanhan laitteen mennessään
toimitus sujui niin kuin luvattiin
paketti oli hyvin pakattu
{device} saapui jo samalla viikolla
[good.product]
{device} on hiljainen ja toimii hyvin
{device} on juuri sitä mitä tilasin
olen {very} tyytyväinen laitteeseen
{device} on ollut hintansa arvoinen
[good.digital]
{thing} toimii {very} hyvin
{thing} on selkeä ja helppo
{thing} toimi puhelimellakin ongelmitta
kaikki hoitui muutamalla napautuksella
{thing} on selvästi parantunut
asiointi onnistui vaikka en ole mikään tietokoneihminen
[good.digital.booking]
ajan sai varattua parissa minuutissa
ajanvaraus oli {very} helppo
ajan siirtäminen onnistui helposti itse
sopiva aika löytyi kalenterista {fast}
varaus onnistui puhelimellakin ongelmitta
[good.digital.order]
tilaaminen oli {very} helppoa
tilaus onnistui parissa minuutissa
tilauksen pystyi tekemään puhelimellakin
maksaminen sujui ongelmitta
[good.digital.app]
{thing} toimii {very} hyvin
{thing} on selkeä ja helppo
viestit näkee kätevästi yhdestä paikasta
käynnit näkee kätevästi kalenterista
{thing:gen} muistutukset ovat hyödyllisiä
[good.digital.chat]
chat oli kätevä tapa hoitaa asia
chatista sai keskustelun sähköpostiin
[good.digital.invoice]
laskun sai kätevästi verkkopankkiin
e-laskun käyttöönotto oli helppoa
[good.digital.relation]
sovellus helpottaa arkea
verkossa asiat hoituvat kätevästi
[good.promises]
kaikki meni niin kuin sovittiin
lupauksista pidettiin kiinni
sovitut asiat hoidettiin {very} hyvin
luvattu soitto tuli {weekday}
[good.promises.relation]
lupauksiin voi luottaa
sovitut asiat pitävät
vuosien aikana kaikki on mennyt niin kuin on sovittu
[good.handoffs]
asia hoitui yhdellä yhteydenotolla
minun ei tarvinnut selittää asiaa kuin kerran
{who} selvitti asian loppuun asti
tieto oli kulkenut eteenpäin
[good.recovery]
virhe korjattiin {soon}
asia pahoiteltiin ja hyvitettiin
{who} soitti perään ja varmisti, että kaikki on kunnossa
sain hyvityksen ilman vääntämistä
reklamaatio käsiteltiin asiallisesti
{who} otti asian tosissaan
[good.recovery.relation]
virheetkin on korjattu mutisematta
kun jotain on mennyt pieleen, se on hoidettu
"""
