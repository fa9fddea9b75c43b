"""What staff write on cases, in the customer's language."""

MIDDLE_NOTES = {
    "fi": (
        "Soitin asiakkaalle, ei vastannut. Yritän uudestaan iltapäivällä.",
        "Asiakas kertoi tilanteen puhelimessa. Selvitän taustat tiimin kanssa.",
        "Pyysin pahoittelut asiakkaan puolesta välittämään myös käynnin tehneelle.",
        "Käyntiraportti pyydetty, vastaus luvattu huomiseksi.",
        "Lasku laitettu tarkistukseen, eräpäivää siirretty kahdella viikolla.",
        "Uusi aika ehdotettu asiakkaalle, odotan vahvistusta.",
        "Siirrän eteenpäin, asia ei ole meidän ratkaistavissamme.",
        "Asiakas lähettää kuvat sähköpostilla. Jatketaan, kun ne ovat tulleet.",
        "Lupasin soittaa asiakkaalle perjantaihin mennessä.",
        "Sama vika on tullut vastaan toisellakin asiakkaalla tällä viikolla.",
    ),
    "sv": (
        "Ringde kunden, inget svar. Försöker igen i eftermiddag.",
        "Kunden berättade om läget per telefon. Jag reder ut bakgrunden med teamet.",
        "Besöksrapporten är begärd, svar utlovat till i morgon.",
        "Fakturan granskas, förfallodagen flyttad två veckor framåt.",
        "Ny tid föreslagen, väntar på kundens bekräftelse.",
        "Skickar vidare, vi kan inte lösa det här hos oss.",
        "Kunden skickar bilder per e-post. Vi fortsätter när de har kommit.",
        "Lovade ringa kunden senast på fredag.",
    ),
    "en": (
        "Called the customer, no answer. Trying again this afternoon.",
        "The customer explained the situation on the phone. Checking the background with the team.",
        "Asked for the visit report, promised for tomorrow.",
        "Invoice is being checked, due date moved by two weeks.",
        "Suggested a new time, waiting for the customer to confirm.",
        "Passing this on, it is not ours to solve.",
        "The customer will send photos by email. We continue once they arrive.",
        "Promised to call the customer by Friday.",
    ),
}
LAST_NOTES = {
    "fi": (
        "Soitin ja pahoittelin. Asiakas oli tyytyväinen, että otimme yhteyttä.",
        "Uusi käynti tehty, asiakas vahvisti että asia on kunnossa.",
        "Hyvitys sovittu ja kirjattu seuraavalle laskulle.",
        "Lasku korjattu ja uusi lähetetty. Asiakas kuitannut.",
        "Viallinen osa vaihdettu. Asiakkaan mukaan laite toimii nyt.",
        "Tunnukset palautettu, kirjautuminen onnistui asiakkaan kanssa puhelimessa.",
        "Asiakas sai selvityksen kirjallisena ja piti sitä riittävänä.",
        "Sovittu, että jatkossa käy sama tekijä. Asiakas kiitti.",
    ),
    "sv": (
        "Ringde och bad om ursäkt. Kunden var nöjd med att vi hörde av oss.",
        "Nytt besök gjort, kunden bekräftade att allt är i ordning.",
        "Gottgörelse avtalad, dras av på nästa faktura.",
        "Fakturan rättad och en ny skickad. Kunden har godkänt den.",
        "Den felaktiga delen utbytt. Enligt kunden fungerar apparaten nu.",
        "Inloggningen återställd och prövad tillsammans med kunden per telefon.",
    ),
    "en": (
        "Called and apologised. The customer was glad we got in touch.",
        "Second visit done, the customer confirmed that all is well.",
        "Refund agreed, it goes on the next invoice.",
        "Invoice corrected and sent again. The customer has accepted it.",
        "Faulty part replaced. According to the customer the device works now.",
        "Login restored and tried together with the customer on the phone.",
    ),
}
