"""What Finns blame, theme by theme; a setting's own words come before the theme's."""

BLAME = """
[bad.waiting]
vastausta sai odottaa {days}
odotin vastausta {days}
kukaan ei vastannut {days.in}
asia eteni tuskallisen hitaasti
[bad.waiting.phone]
2* jonotin {long}
puhelimessa sai odottaa {long}
jonossa meni {long.nom}
takaisinsoittoa ei koskaan kuulunut
jouduin soittamaan {n} kertaa ennen kuin joku vastasi
puhelu katkesi jonossa {n} kertaa
jonotusmusiikkia tuli kuunneltua {long}
[bad.waiting.chat]
chatissa sai odottaa {long}
{who} vastasi vasta, kun olin odottanut {long}
chat katkesi kesken jonotuksen {n} kertaa
kukaan ei vastannut, vaikka odotin {long}
[bad.waiting.visit]
3* {who} tuli {long} myöhässä
2* odotin {who:par} {long}
{who} ei tullut sovittuna aikana
{weekday.tra} sovittu käynti siirtyi seuraavalle viikolle
jouduin ottamaan töistä vapaata turhaan
{who} myöhästyi {long} eikä ilmoittanut mitään
aikaa asennukselle sai odottaa {days}
[bad.waiting.cleaning]
3* {who} tuli {long} myöhässä
{who} ei tullut sovittuna päivänä
siivous jäi {weekday} kokonaan väliin
käyntiä siirrettiin ilmoittamatta
odotin {who:par} {long}
[bad.waiting.care]
3* {who} tuli {long} myöhässä
{who} lähti ennen kuin aika oli täynnä
käynti jäi {weekday} kokonaan väliin
{who:all} oli annettu liian vähän aikaa
äiti odotti {who:par} {long}
[bad.waiting.meeting]
tapaamista sai odottaa {days}
{who} tuli {long} myöhässä
aloitus venyi {days}
[bad.waiting.booking]
vapaita aikoja ei ollut {days.in}
ensimmäinen vapaa aika oli vasta kuukauden päässä
sopivaa aikaa sai etsiä {long}
[bad.waiting.app]
sovelluksen avautumista saa odottaa
viestiin vastattiin vasta, kun olin odottanut {days}
[bad.staff]
3* {who} oli {rude}
{who} ei juuri kuunnellut
{who:all} asiani tuntui olevan pelkkä häiriö
{who:gen} asenne ei ollut kohdallaan
minulle puhuttiin kuin lapselle
{who} vaikutti siltä, ettei asia kiinnosta
{who} ei edes pahoitellut
[bad.staff.visit]
2* {who} oli {rude}
{who} jätti kaikki roskat lattialle
{who} kulki kengät jalassa sisällä
{who} ei edes esitellyt itseään
{who:gen} asenne ei ollut kohdallaan
{who} puhui puhelimessa puolet ajasta
[bad.staff.cleaning]
{who} oli {rude}
joka kerta käy eri ihminen
{who} ei kuunnellut toiveitani
{who} oli selvästi väsynyt ja huonolla tuulella
[bad.staff.care]
{who} oli {rude}
2* joka kerta käy eri ihminen
{who} ei edes esitellyt itseään
{who} katsoi enemmän puhelinta kuin äitiä
{who} puhui äidistä kuin tämä ei olisi ollut paikalla
[bad.staff.relation]
{who} on liian usein {rude}
{who} vaihtuu koko ajan
tuttuja kasvoja ei enää näe
{who:ade} ei ole aikaa asiakkaalle
[bad.competence]
{who} ei osannut auttaa
{who} ei tiennyt asiasta juuri mitään
sain väärän neuvon
ongelma ei ratkennut
{who} joutui kysymään kaiken muilta
sain {n} eri vastausta samaan kysymykseen
[bad.competence.visit]
{device} jäi vinoon
{device} ei toimi vieläkään
{who} ei tuntenut laitetta
työ jäi kesken
seinään jäi ylimääräisiä reikiä
{who:ade} oli väärät osat mukana
sama työ jouduttiin tekemään {n2} kertaan
{device} jätettiin testaamatta
[bad.competence.cleaning]
{clean} jäi kokonaan siivoamatta
{clean} oli vain pyyhkäisty pinnalta
nurkkiin jäi pölyä
lattiat jäivät tahmeiksi
{who} rikkoi maljakon eikä kertonut siitä
ikkunoihin jäi raitoja
jälki vaihtelee tekijästä riippuen
[bad.competence.care]
lääkkeet olivat sekaisin
{who} ei tiennyt isän hoito-ohjeista
suihku jäi taas väliin
ruoka jäi lämmittämättä
{who} kysyi samat asiat kuin edellinen
[bad.competence.relation]
työn laatu vaihtelee liikaa
samat virheet toistuvat
asiat joutuu tarkistamaan itse
[bad.information]
tieto ei kulkenut
minulle ei kerrottu mitään
ohjeet olivat sekavat
asiasta ei tullut minkäänlaista ilmoitusta
jouduin itse kyselemään perään
sain ristiriitaista tietoa
[bad.information.delivery]
toimitusajasta ei ilmoitettu etukäteen
seurantakoodi ei toiminut
tekstiviesti tuli vasta, kun {who} oli jo ovella
toimituspäivästä ei osattu kertoa mitään
[bad.information.visit]
laitteen käyttöä ei neuvottu lainkaan
käyttöohjeet olivat pelkästään englanniksi
kukaan ei kertonut, mitä seuraavaksi tapahtuu
käynnin ajankohdasta ei ilmoitettu
[bad.information.invoice]
laskusta ei saa mitään tolkkua
erittely puuttui kokonaan
laskusta ei selviä, mistä maksan
uusi lasku on {very} sekava
eräpäivä oli piilotettu jonnekin toiselle sivulle
[bad.information.plan]
suunnitelma oli täynnä vierasta kieltä
suunnitelmasta ei selviä, kuka käy ja milloin
suunnitelma tuli kotiin vasta {days.later}
vaihtoehtoja ei käyty läpi
[bad.information.web]
hintoja ei löydy mistään
yhteystiedot oli piilotettu
aukioloajat olivat vanhentuneet
[bad.information.order]
tilausvahvistusta ei tullut
toimituskulut selvisivät vasta lopussa
[bad.price]
hinta oli liian kova
lopullinen hinta oli {money} enemmän kuin tarjous
hinta nousi taas ilman selitystä
matkakuluista laskutettiin {money}
hinta ei vastannut laatua
[bad.price.invoice]
2* laskussa oli {money} liikaa
minua laskutettiin kahteen kertaan
laskulla oli työtä, jota ei ole tehty
laskutuslisä on törkeä
lasku tuli {weekday}, vaikka olin jo maksanut
matkakuluista laskutettiin {money}, vaikka niistä ei puhuttu
laskun loppusumma ei vastannut tarjousta
hyvitys puuttuu edelleen laskulta
[bad.delivery]
toimitus myöhästyi {days}
{device} oli kolhiintunut kuljetuksessa
{who} jätti paketin pihalle sateeseen
{who} ei suostunut kantamaan laitetta sisälle
toimitus tuli väärään osoitteeseen
osa tilauksesta puuttui
{weekday.tra} luvattu toimitus ei tullut
paketti oli revennyt
vanhaa laitetta ei otettu mukaan
[bad.product]
{device} hajosi {days.after}
{device} pitää kovaa ääntä
{device} oli viallinen jo uutena
{device} ei vastannut esittelyä
{device:par} jouduttiin säätämään {n} kertaa
[bad.digital]
{thing} on hidas ja sekava
{thing} kaatui {n} kertaa
{thing} ei toimi puhelimella
tietoja joutui syöttämään moneen kertaan
{thing} herjasi virhettä ilman selitystä
vanha {thing} oli parempi
[bad.digital.booking]
kalenteri ei näyttänyt vapaita aikoja
varaus katosi vahvistuksen jälkeen
ajanvaraus on {very} kankea
ajan peruminen ei onnistunut mitenkään
ajanvaraus kaatui {n} kertaa
järjestelmä varasi minulle väärän päivän
[bad.digital.order]
tilauslomake tyhjeni kesken täyttämisen
maksu ei mennyt läpi
tilaus piti tehdä {n} kertaa uudestaan
osoitetta ei voinut korjata jälkikäteen
verkkokauppa jumittui maksuvaiheeseen
[bad.digital.app]
{thing} kaatuu jatkuvasti
{thing} on hidas ja sekava
ilmoitukset tulevat {long} myöhässä
viestit katosivat sovelluksesta
{thing} syö akkua ihan älyttömästi
{thing:gen} uusi ulkoasu on sekava
[bad.digital.chat]
chat katkesi kesken kaiken
ensin sai väännellä robotin kanssa {long}
[bad.digital.invoice]
e-lasku ei tullut verkkopankkiin
viivakoodi ei toiminut
laskun liite ei auennut
[bad.digital.relation]
sovellus ei toimi kunnolla
verkkopalvelu on jäänyt ajasta jälkeen
[bad.promises]
luvattiin yhtä ja tehtiin toista
{weekday.tra} luvattua soittoa ei tullut
sovituista asioista ei pidetty kiinni
luvattu hyvitys jäi tulematta
{who} lupasi palata asiaan, mutta mitään ei kuulunut
[bad.promises.relation]
luvataan enemmän kuin pystytään pitämään
lupaukset unohtuvat, kun sopimus on tehty
sovituista asioista ei pidetä kiinni
[bad.handoffs]
minua pompoteltiin osastolta toiselle
jouduin selittämään saman asian {n} kertaa
kukaan ei ottanut asiasta vastuuta
puhelua siirrettiin {n} kertaa
tieto ei kulkenut teidän ja alihankkijan välillä
jokainen käski soittaa jollekin toiselle
[bad.handoffs.visit]
tieto ei kulkenut teidän ja alihankkijan välillä
sähköfirma ja te syytätte vain toisianne
{who:all} ei ollut kerrottu, mitä piti tehdä
[bad.handoffs.care]
tieto ei kulje hoitajalta toiselle
joka kerta pitää selittää kaikki alusta
äidin asioista ei ollut kirjattu mitään
[bad.handoffs.chat]
minut ohjattiin chatista puhelimeen ja takaisin
jouduin selittämään saman asian {n} kertaa
chatissa käskettiin soittaa ja puhelimessa mennä chattiin
[bad.recovery]
reklamaatioon ei ole vastattu {days.in}
virhettä ei ole korjattu vieläkään
hyvitystä odotin {days}
vika myönnettiin vasta pitkän väännön jälkeen
tarjottu hyvitys oli naurettava
{who} syytti ongelmasta minua
korjauskäyntiä odotin {days}
[bad.recovery.relation]
virheiden korjaaminen kestää aivan liian kauan
reklamaatioihin ei vastata
"""
