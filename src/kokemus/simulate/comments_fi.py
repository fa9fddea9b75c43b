"""What is said in Finnish. Every slot is an inflected form; no ending is glued on."""

# ruff: noqa: E501, the lines hold forms

from kokemus.simulate.comments_fi_blame import BLAME
from kokemus.simulate.comments_fi_praise import PRAISE

_WORDS = """
cases who: nom gen par ade all
visit who: asentaja|asentajan|asentajaa|asentajalla|asentajalle
visit who: sähkömies|sähkömiehen|sähkömiestä|sähkömiehellä|sähkömiehelle
cleaning who: siivooja|siivoojan|siivoojaa|siivoojalla|siivoojalle
cleaning who: tekijä|tekijän|tekijää|tekijällä|tekijälle
care who: hoitaja|hoitajan|hoitajaa|hoitajalla|hoitajalle
care who: kotihoitaja|kotihoitajan|kotihoitajaa|kotihoitajalla|kotihoitajalle
sales who: myyjä|myyjän|myyjää|myyjällä|myyjälle
sales who: neuvoja|neuvojan|neuvojaa|neuvojalla|neuvojalle
delivery who: kuljettaja|kuljettajan|kuljettajaa|kuljettajalla|kuljettajalle
delivery who: kuski|kuskin|kuskia|kuskilla|kuskille
meeting plan who: palveluohjaaja|palveluohjaajan|palveluohjaajaa|palveluohjaajalla|palveluohjaajalle
meeting plan who: yhteyshenkilö|yhteyshenkilön|yhteyshenkilöä|yhteyshenkilöllä|yhteyshenkilölle
complaint who: käsittelijä|käsittelijän|käsittelijää|käsittelijällä|käsittelijälle
phone chat complaint who: asiakaspalvelija|asiakaspalvelijan|asiakaspalvelijaa|asiakaspalvelijalla|asiakaspalvelijalle
invoice web order booking app who: asiakaspalvelu|asiakaspalvelun|asiakaspalvelua|asiakaspalvelulla|asiakaspalvelulle
relation who: henkilökunta|henkilökunnan|henkilökuntaa|henkilökunnalla|henkilökunnalle
cases thing: nom gen par ine ela ill
visit thing: asennus|asennuksen|asennusta|asennuksessa|asennuksesta|asennukseen
cleaning thing: siivous|siivouksen|siivousta|siivouksessa|siivouksesta|siivoukseen
care thing: käynti|käynnin|käyntiä|käynnillä|käynnistä|käyntiin
sales thing: neuvonta|neuvonnan|neuvontaa|neuvonnassa|neuvonnasta|neuvontaan
delivery thing: toimitus|toimituksen|toimitusta|toimituksessa|toimituksesta|toimitukseen
meeting thing: aloituskäynti|aloituskäynnin|aloituskäyntiä|aloituskäynnillä|aloituskäynnistä|aloituskäyntiin
plan thing: suunnitelma|suunnitelman|suunnitelmaa|suunnitelmassa|suunnitelmasta|suunnitelmaan
phone thing: puhelu|puhelun|puhelua|puhelussa|puhelusta|puheluun
chat thing: chat|chatin|chattia|chatissa|chatista|chattiin
complaint thing: reklamaatio|reklamaation|reklamaatiota|reklamaatiossa|reklamaatiosta|reklamaatioon
relation thing: palvelu|palvelun|palvelua|palvelussa|palvelusta|palveluun
invoice thing: lasku|laskun|laskua|laskussa|laskusta|laskuun
web thing: sivusto|sivuston|sivustoa|sivustolla|sivustosta|sivustolle
order thing: verkkokauppa|verkkokaupan|verkkokauppaa|verkkokaupassa|verkkokaupasta|verkkokauppaan
order thing: tilauslomake|tilauslomakkeen|tilauslomaketta|tilauslomakkeessa|tilauslomakkeesta|tilauslomakkeeseen
booking thing: ajanvaraus|ajanvarauksen|ajanvarausta|ajanvarauksessa|ajanvarauksesta|ajanvaraukseen
app thing: sovellus|sovelluksen|sovellusta|sovelluksessa|sovelluksesta|sovellukseen
app thing: äppi|äpin|äppiä|äpissä|äpistä|äppiin
cases device: nom gen par
* device: ilmalämpöpumppu|ilmalämpöpumpun|ilmalämpöpumppua / latausasema|latausaseman|latausasemaa
* device: astianpesukone|astianpesukoneen|astianpesukonetta / pesukone|pesukoneen|pesukonetta
* device: liesituuletin|liesituulettimen|liesituuletinta / termostaatti|termostaatin|termostaattia
* device: induktioliesi|induktiolieden|induktioliettä / lämminvesivaraaja|lämminvesivaraajan|lämminvesivaraajaa
cases he: nom gen par ade all
* he: hän|hänen|häntä|hänellä|hänelle
cases it: nom gen par
* it: se|sen|sitä
cases name: nom gen all par
* name: Mika|Mikan|Mikalle|Mikaa / Sari|Sarin|Sarille|Saria / Jukka|Jukan|Jukalle|Jukkaa
* name: Minna|Minnan|Minnalle|Minnaa / Teemu|Teemun|Teemulle|Teemua / Pekka|Pekan|Pekalle|Pekkaa
* name: Anne|Annen|Annelle|Annea / Heikki|Heikin|Heikille|Heikkiä / Riitta|Riitan|Riitalle|Riittaa
* name: Antti|Antin|Antille|Anttia / Tuula|Tuulan|Tuulalle|Tuulaa / Joni|Jonin|Jonille|Jonia
invoice web order booking app relation name: koko porukka|koko porukan|koko porukalle|koko porukkaa
"""

_SENTENCES = """
[high]
4* {^good1}.
6* {^good1} ja {good2}.
6* {^good1}. {^good2}.
4* {^good1}. {^good2}. {^good3}.
2* {^good1}, mutta {but}.
2* {^good1}. Ainoa miinus: {mild}.
2* {^good1}, vaikka {mild}.
3* {cheer} {^good1}.
3* {^good1}. {thanks}
3* {^good1} ja {good2}. {thanks}
2* {cheer} {^good1}. {^good2}.
1* {^good1}. {again}
1* {^good1} ja {good2}. {again}
[middle]
3* {^bad1}, mutta homma hoitui hienosti.
5* {^good1}, mutta {but}.
5* {^bad1}, mutta {yet}.
4* {^bad1}, vaikka muuten {fine}.
3* Muuten {fine}, mutta {bad1}.
3* {^good1}. {^but}.
2* {^bad1}. {^yet}. {wish}
2* Ihan ok, mutta {bad1}. {wish}
2* {^bad1}. {wish}
2* {^good1}, tosin {but}. {contact}
[low]
5* {^bad1}.
6* {^bad1} ja {bad2}.
6* {^bad1}. {^bad2}.
4* {^bad1}. {^bad2}. {^bad3}.
3* {^bad1}, vaikka {yet}.
2* {^yet}, mutta {bad1}.
4* {^bad1}. {angry}
3* {^bad1} ja {bad2}. {angry}
3* {^bad1}. {wish}
3* {^bad1}. {contact}
2* {^bad1}. {^bad2}. {angry} {contact}
[middle.login]
4* {^login}.
3* {^login}, mutta muuten {fine}.
3* {^login}. {wish}
2* {^login} ja {bad2}.
[low.login]
4* {^login}.
3* {^login}. {^login2}.
3* {^login}. {angry}
2* {^login} ja {bad2}.
2* {^login}. {contact}
[high.reminder]
4* {^good1}, mutta {reminder}.
3* {^good1}. Ainoa miinus: {reminder}.
3* {^reminder}, muuten {fine}.
[middle.reminder]
4* {^reminder}.
3* {^reminder}, mutta muuten {fine}.
3* {^reminder}. {wish}
[low.reminder]
4* {^reminder}.
3* {^reminder}. {^reminder2}.
3* {^reminder}. {angry}
2* {^reminder} ja {bad2}.
[reminder]
luvattu tekstiviesti tuli vasta, kun {who} oli jo ovella
luvattu muistutusviesti tuli vasta jälkikäteen
lupaus tekstiviestistä edellisenä päivänä ei pitänyt
lupasitte tekstiviestin ajoissa, ja se tuli {n} tuntia myöhässä
luvattu tekstiviesti tuli vasta samana aamuna
luvattua tekstiviestiä ajasta ei tullut ajoissa
[reminder2]
en ehtinyt järjestää itseäni kotiin
lähdin töistä turhaan kesken päivän
ennen viesti tuli aina edellisenä päivänä
jouduin soittamaan ja kysymään ajan
[login]
kirjautuminen ei onnistunut {tries}
sovellukseen kirjautuminen ei ole toiminut {since}
kirjautuminen jää pyörimään eikä pääse eteenpäin, kokeilin {n} kertaa
sovellus heittää ulos heti, kun on kirjautunut
en päässyt kirjautumaan ajanvaraukseen {tries}
tunnistautuminen pankkitunnuksilla epäonnistuu {tries}
ajanvaraus vaatii kirjautumaan uudestaan joka välissä
kirjautuminen ei ole onnistunut {since}
[login2]
salasanan vaihto ei auttanut
aika jäi sen takia varaamatta
jouduin lopulta soittamaan
vanha versio toimi paremmin
asensin koko sovelluksen uudestaan turhaan
[since]
päivityksen jälkeen
viime viikosta lähtien
{weekday.abl} lähtien
uuden version jälkeen
kunnolla enää viikkoon
[tries]
{weekday}
useista yrityksistä huolimatta
vaikka yritin {n} kertaa
[mild]
hinta voisi olla vähän edullisempi
jouduin hetken odottamaan
tekstiviesti etukäteen olisi ollut kiva
samoja tietoja kysyttiin kahteen kertaan
aukioloajat saisivat olla pidemmät
sopivaa aikaa piti vähän etsiä
vahvistus olisi saanut tulla vähän aiemmin
[brief.high]
3* Hyvä palvelu
3* Kaikki ok
2* Kiitos
2* Toimi hyvin
2* Nopeaa ja helppoa
2* Kaikki meni hyvin.
Ei moitittavaa
Loistavaa palvelua
Oikein hyvä
Homma hoitui.
Erinomainen {thing}
Tyytyväinen olen
Kiitos {name:all}
Parasta palvelua pitkään aikaan
Sujuvaa oli {cheerful}
Ystävällistä palvelua, kiitos
Jatkakaa samaan malliin
[cheerful]
kuten aina
alusta loppuun
tälläkin kertaa
[brief.middle]
2* Ihan ok
2* Menettelee
Ihan jees
Ei erityistä sanottavaa
Perus {thing}
Ok, ei valittamista
Parantamisen varaa on.
Ihan kelpo {thing}
[brief.low]
2* Huono palvelu
2* Ei toimi
Pettymys
En suosittele
Todella huonoa
Ei näin.
Aivan surkea {thing}
Surkeaa toimintaa
Rahat takaisin
Ala-arvoista palvelua
Odotin enemmän
Ei jatkoon
[cheer]
Kiitos!
Mahtavaa!
Hienoa työtä.
Kaikki hoitui hienosti.
Olen {very} tyytyväinen.
Viiden tähden palvelua.
Kerrankin näin.
Kiitokset {name:all}.
[thanks]
Kiitos!
Iso kiitos {name:all}.
Kiitos hyvästä palvelusta.
Suuret kiitokset koko porukalle.
Kiitos ja hyvää jatkoa.
Terveisiä {name:all}!
{^name} ansaitsee erityiskiitoksen.
[again]
Käytän ehdottomasti uudestaankin.
Suosittelen naapureillekin.
Olen jo suositellut siskolleni.
Asioin teillä mielelläni jatkossakin.
Tilaan varmasti toistekin.
Ei voi kuin suositella.
[angry]
En suosittele kenellekään.
Ei jatkoon.
Vaihdan toiseen firmaan.
Tästä en aio maksaa täyttä hintaa.
Melkoinen pettymys.
Näin ei voi toimia.
Ensi kerralla soitan muualle.
Oltiin asiakkaita {n} vuotta, enää ei olla.
Odotin teiltä parempaa.
[wish]
Toivottavasti tähän tulee parannus.
Tähän voisi panostaa enemmän.
Ensi kerralla toivon parempaa.
Pieni tekstiviesti olisi riittänyt.
Olisi kiva kuulla, miten asia etenee.
Tästä on syytä ottaa opiksi.
Voisiko tämän tehdä yksinkertaisemmin?
Korjatkaa tämä.
[contact]
4* Soittakaa minulle numeroon {phone}.
3* Minut saa kiinni numerosta {phone}.
2* Odotan yhteydenottoa. {signed}
2* Voitteko soittaa takaisin?
2* Toivon, että joku ottaa yhteyttä.
Numeroni on {phone}, parhaiten tavoittaa iltapäivisin.
[signed]
T. {signer}
Terveisin {signer} {surname}
[signer]
Marja
Kari
Tiina
Pauli
Leena
Veikko
Hanna
[surname]
Korpela
Niskanen
Lindroos
Vesala
Hautamäki
[phone]
+46 70 174 06 {n}{d}
+467017406{n}{d}
[fine]
kaikki sujui hyvin
kokemus oli ihan hyvä
olen tyytyväinen
palvelu oli hyvää
homma toimii
ei valittamista
[fast]
heti
nopeasti
alle minuutissa
parissa minuutissa
yllättävän nopeasti
ensi yrittämällä
[soon]
nopeasti
samana päivänä
heti seuraavana päivänä
mutkattomasti
[long]
yli tunnin
melkein kaksi tuntia
puoli tuntia
kolme varttia
puolitoista tuntia
reilun tunnin
2* {ten} minuuttia
[long.nom]
yli tunti
melkein kaksi tuntia
puoli tuntia
kolme varttia
puolitoista tuntia
2* {ten} minuuttia
[ten]
25
35
40
45
50
55
[days]
viikon
kolme päivää
kaksi viikkoa
puolitoista viikkoa
melkein kuukauden
neljä päivää
koko viikon
[ontime]
täsmälleen sovittuun aikaan
ajallaan
juuri silloin kun luvattiin
minuutilleen
{weekday} ajallaan
vähän etuajassa
[friendly]
ystävällinen
mukava
kohtelias
avulias
rauhallinen
asiallinen
huomaavainen
iloinen
[rude]
töykeä
välinpitämätön
kiireinen
tyly
ylimielinen
[money]
{ten} euroa
{n}{d} euroa
lähes satasen
{n}{d},{d}0 euroa
toistasataa euroa
[days.in]
viikkoon
kolmeen päivään
kahteen viikkoon
moneen päivään
[friendly2]
reipas
osaava
luotettava
hyväntuulinen
[clean]
keittiö
kylpyhuone
eteinen
sauna
vessa
[n2]
kahteen
kolmeen
neljään
[days.later]
viikon päästä
aloituksen jälkeen
kahden viikon kuluttua
[days.after]
jo ensimmäisellä viikolla
parin päivän käytön jälkeen
heti ensimmäisellä käyttökerralla
[very]
2* todella
2* tosi
oikein
erittäin
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
maanantaina
tiistaina
keskiviikkona
torstaina
perjantaina
lauantaina
viime viikolla
[weekday.abl]
maanantaista
tiistaista
keskiviikosta
torstaista
perjantaista
[weekday.tra]
maanantaiksi
tiistaiksi
keskiviikoksi
torstaiksi
perjantaiksi
"""

FINNISH = (_SENTENCES + PRAISE + BLAME, _WORDS)
