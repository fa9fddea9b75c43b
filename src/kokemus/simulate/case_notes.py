"""What staff write on cases, in the customer's language; ``""`` suits whatever the matter is."""

MIDDLE_NOTES = {
    "fi": {
        "": (
            "Soitin asiakkaalle, ei vastannut. Yritän uudestaan iltapäivällä.",
            "Asiakas kertoi tilanteen puhelimessa. Selvitän taustat tiimin kanssa.",
            "Kerroin palautteen tiimin vetäjälle, hän palaa asiaan huomenna.",
            "Lupasin soittaa asiakkaalle perjantaihin mennessä.",
            "Siirrän eteenpäin, asia ei ole meidän ratkaistavissamme.",
            "Asiakas lähettää lisätietoja sähköpostilla. Jatketaan, kun ne ovat tulleet.",
            "Samasta asiasta on tullut palautetta toiseltakin asiakkaalta tällä viikolla.",
        ),
        "price": ("Lasku laitettu tarkistukseen, eräpäivää siirretty kahdella viikolla.",),
        "waiting": ("Uusi aika ehdotettu asiakkaalle, odotan vahvistusta.",),
        "competence": ("Käyntiraportti pyydetty, vastaus luvattu huomiseksi.",),
        "delivery": ("Kuljetusliikkeeltä pyydetty selvitys, vastaus luvattu huomiseksi.",),
        "product": ("Varaosaa kysytty valmistajalta.",),
        "digital": ("Virhe toistettu omalla puhelimella, lokit toimitettu kehitykseen.",),
    },
    "sv": {
        "": (
            "Ringde kunden, inget svar. Försöker igen i eftermiddag.",
            "Kunden berättade om läget per telefon. Jag reder ut bakgrunden med teamet.",
            "Lovade ringa kunden senast på fredag.",
            "Skickar vidare, vi kan inte lösa det här hos oss.",
            "Kunden skickar mera information per e-post. Vi fortsätter när den har kommit.",
        ),
        "price": ("Fakturan granskas, förfallodagen flyttad två veckor framåt.",),
        "waiting": ("Ny tid föreslagen, väntar på kundens bekräftelse.",),
        "competence": ("Besöksrapporten är begärd, svar utlovat till i morgon.",),
        "delivery": ("Transportfirman har fått en förfrågan, svar utlovat till i morgon.",),
        "digital": ("Felet upprepades på egen telefon, loggarna skickade till utvecklingen.",),
    },
    "en": {
        "": (
            "Called the customer, no answer. Trying again this afternoon.",
            "The customer explained on the phone. Checking the background with the team.",
            "Promised to call the customer by Friday.",
            "Passing this on, it is not ours to solve.",
            "The customer will send more details by email. We continue once they arrive.",
        ),
        "price": ("Invoice is being checked, due date moved by two weeks.",),
        "waiting": ("Suggested a new time, waiting for the customer to confirm.",),
        "competence": ("Asked for the visit report, promised for tomorrow.",),
        "delivery": ("Asked the carrier what happened, answer promised for tomorrow.",),
        "digital": ("Saw the same error on my own phone, logs sent to development.",),
    },
}
LAST_NOTES = {
    "fi": {
        "": (
            "Soitin ja pahoittelin. Asiakas oli iloinen yhteydenotosta.",
            "Asiakas sai selvityksen kirjallisena ja piti sitä riittävänä.",
            "Hyvitys sovittu ja kirjattu seuraavalle laskulle.",
            "Asiakas vahvisti, että asia on kunnossa.",
        ),
        "price": ("Lasku korjattu ja uusi lähetetty. Asiakas kuitannut.",),
        "waiting": ("Uusi käynti tehty sovittuun aikaan, asiakas tyytyväinen.",),
        "staff": ("Sovittu, että jatkossa käy toinen tekijä. Asiakas kiitti.",),
        "competence": ("Työ tehty uudestaan veloituksetta, asiakas hyväksyi jäljen.",),
        "delivery": ("Uusi toimitus perillä, vahvistettu asiakkaalta.",),
        "product": ("Viallinen osa vaihdettu. Asiakkaan mukaan laite toimii nyt.",),
        "digital": ("Tunnukset palautettu, kirjautuminen onnistui asiakkaan kanssa puhelimessa.",),
    },
    "sv": {
        "": (
            "Ringde och bad om ursäkt. Kunden var glad över att vi hörde av oss.",
            "Gottgörelse avtalad, dras av på nästa faktura.",
            "Kunden bekräftade att saken är i ordning.",
        ),
        "price": ("Fakturan rättad och en ny skickad. Kunden har godkänt den.",),
        "waiting": ("Nytt besök gjort på avtalad tid, kunden är nöjd.",),
        "competence": ("Arbetet gjort på nytt utan kostnad, kunden godkände resultatet.",),
        "product": ("Den felaktiga delen utbytt. Enligt kunden fungerar apparaten nu.",),
        "digital": ("Inloggningen återställd och prövad tillsammans med kunden per telefon.",),
    },
    "en": {
        "": (
            "Called and apologised. The customer was glad we got in touch.",
            "Refund agreed, it goes on the next invoice.",
            "The customer confirmed that all is well.",
        ),
        "price": ("Invoice corrected and sent again. The customer has accepted it.",),
        "waiting": ("New visit made at the agreed time, the customer is happy.",),
        "competence": ("Work redone free of charge, the customer accepted the result.",),
        "product": ("Faulty part replaced. According to the customer the device works now.",),
        "digital": ("Login restored and tried together with the customer on the phone.",),
    },
}


def suit_notes(notes: dict[str, tuple[str, ...]], *, theme: str) -> tuple[str, ...]:
    """Give the notes that suit a theme, its own ones weighing more."""
    return notes[""] + (notes.get(theme, ()) * 4 if theme else ())
