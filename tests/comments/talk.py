"""Talk among people as on a forum, written for the tests: no word of it is about a service."""

TALK = """
Niin mäkin luulin, mutta eihän se noin mene.
Hallitus on taas sopinut jotain, mitä kukaan ei ymmärrä.
Eikös se ollut Einstein joka sanoi noin?
Minusta miehet ja naiset ajattelevat tuosta ihan samalla tavalla.
Ettekö te tosiaan usko, että ihminen on käynyt kuussa?
Jos tyttö ei vastaa viesteihin, niin ehkä hän ei halua puhua sinulle.
Kyllähän sen nyt jokainen tietää, ettei noin voi sanoa.
Suomi voitti eilen maailmanmestaruuden ja te jauhatte politiikkaa.
Kuka muu muistaa sen vanhan ohjelman, jossa oli puhuva hevonen?
Miksi uskovaiset eivät koskaan vastaa tähän kysymykseen?
Mulla on saman vuoden Toyota ja kulutus on noin seitsemän litraa.
Olen aina pitänyt enemmän kissoista kuin koirista.
Raamatussa sanotaan aika selvästi toisin.
Venäjä ei ole koskaan ollut demokratia eikä siitä sellaista tule.
No voi kun olet fiksu, jätkä, painu takaisin kouluun.
Sama se, kuolemme kaikki kuitenkin joskus.
Onko kellään kokemusta tuosta sarjasta, kannattaako katsoa?
Rakastuin häneen silloin heti, ja siitä on nyt kymmenen vuotta.
Vihreät ja demarit ovat yhtä ja samaa porukkaa.
Joo, ja maa on litteä.
Entäs jos vain jättäisit sen miehen?
Lapsuudessani talvet olivat kylmempiä kuin nykyään.
Tuo on kyllä tyhmintä, mitä olen pitkään aikaan lukenut.
Mistä sä tuollaista olet keksinyt?
Ihmisen evoluutio ei toimi noin, lue vaikka Darwinia.
Käytän itse Linuxia, eikä viruksista ole ollut huolta.
Hyvä kirjoitus, olen kanssasi ihan samaa mieltä.
Serkkuni asuu Ruotsissa ja siellä ollaan tästä toista mieltä.
Mun mielestä biisi oli parempi ennen kuin laulaja vaihtui.
Toisen maailmansodan aikana tilanne oli aivan toinen.
Ei kai kukaan täysijärkinen nainen tuollaista tee?
Se hirvi oli varmaan neljäsataa kiloa painava sonni.
Kumpi on sinusta kauniimpi, kesä vai talvi?
Luin jostain, että kuu vaikuttaa uneen, mutta en usko.
Perussuomalaiset saivat taas lisää kannatusta.
Näin viime yönä unta kuolleesta isoisästäni.
Voisiko joku viisaampi kertoa, mitä tuo sana tarkoittaa?
Terveisiä Kuopiosta kaikille, täällä sataa lunta.
Olet itse trolli, joten ole hiljaa.
Kun olin armeijassa, ei kukaan valittanut tuollaisesta.
""".strip().splitlines()
