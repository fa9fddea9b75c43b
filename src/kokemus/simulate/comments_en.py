"""What is said in English, often by people for whom it is a second language."""

# ruff: noqa: E501, the lines hold forms

from kokemus.simulate.comments_en_blame import BLAME
from kokemus.simulate.comments_en_praise import PRAISE

_WORDS = """
cases who: def obj
visit who: the technician|the technician / the installer|the installer / the electrician|the electrician
cleaning who: the cleaner|the cleaner
care who: the carer|the carer / the nurse|the nurse
sales who: the salesperson|the salesperson / the adviser|the adviser
delivery who: the driver|the driver / the delivery person|the delivery person
meeting plan who: the service coordinator|the service coordinator / our contact person|our contact person
complaint who: the case handler|the case handler
phone chat who: the agent|the agent / the customer service agent|the customer service agent
invoice web order booking app who: customer service|customer service
relation who: the team|the team
cases thing: def
visit thing: the installation
cleaning thing: the cleaning
care thing: the visit
sales thing: the advice
delivery thing: the delivery
meeting thing: the first visit
plan thing: the plan
phone thing: the call
chat thing: the chat
complaint thing: the complaint
relation thing: the service
invoice thing: the invoice
web thing: the website / the site
order thing: the online shop / the order form
booking thing: the booking system / the booking page
app thing: the app
cases device: def
* device: the heat pump / the charging station / the dishwasher / the washing machine
* device: the cooker hood / the thermostat / the induction hob / the water heater
cases it: def
* it: it
cases name: nom he him his
* name: Mika|he|him|his / Sari|she|her|her / Jukka|he|him|his / Minna|she|her|her
* name: Teemu|he|him|his / Pekka|he|him|his / Anne|she|her|her / Riitta|she|her|her
* name: Antti|he|him|his / Joni|he|him|his / Elena|she|her|her / Fatima|she|her|her
invoice web order booking app relation name: the whole team|they|them|their
"""

_SENTENCES = """
[high]
4* {^good1}.
6* {^good1} and {good2}.
6* {^good1}. {^good2}.
4* {^good1}. {^good2}. {^good3}.
2* {^good1}, but {but}.
2* {^good1}. The only minus: {mild}.
2* {^good1}, although {mild}.
3* {cheer} {^good1}.
3* {^good1}. {thanks}
3* {^good1} and {good2}. {thanks}
2* {cheer} {^good1}. {^good2}.
1* {^good1}. {again}
1* {^good1} and {good2}. {again}
[middle]
3* {^bad1}, but it worked out fine in the end.
5* {^good1}, but {but}.
5* {^bad1}, but {yet}.
4* {^bad1}, otherwise {fine}.
3* Otherwise {fine}, but {bad1}.
3* {^good1}. {^but}.
2* {^bad1}. {^yet}. {wish}
2* Quite ok, but {bad1}. {wish}
2* {^bad1}. {wish}
2* {^good1}, although {but}. {contact}
[low]
5* {^bad1}.
6* {^bad1} and {bad2}.
6* {^bad1}. {^bad2}.
4* {^bad1}. {^bad2}. {^bad3}.
3* {^bad1}, even if {yet}.
2* {^yet}, but {bad1}.
4* {^bad1}. {angry}
3* {^bad1} and {bad2}. {angry}
3* {^bad1}. {wish}
3* {^bad1}. {contact}
2* {^bad1}. {^bad2}. {angry} {contact}
[middle.login]
4* {^login}.
3* {^login}, otherwise {fine}.
3* {^login}. {wish}
2* {^login} and {bad2}.
[low.login]
4* {^login}.
3* {^login}. {^login2}.
3* {^login}. {angry}
2* {^login} and {bad2}.
2* {^login}. {contact}
[high.reminder]
4* {^good1}, but {reminder}.
3* {^good1}. The only minus: {reminder}.
3* {^reminder}, otherwise {fine}.
[middle.reminder]
4* {^reminder}.
3* {^reminder}, otherwise {fine}.
3* {^reminder}. {wish}
[low.reminder]
4* {^reminder}.
3* {^reminder}. {^reminder2}.
3* {^reminder}. {angry}
2* {^reminder} and {bad2}.
[reminder]
the promised text message came when {who} was already at the door
the promised reminder came only afterwards
you promised a text message in time and it came {n} hours late
the promised text message came only the same morning
a text message was promised the day before and the promise was not kept
the promised text message about the time did not come in time
[reminder2]
I could not arrange to be at home
I left work in the middle of the day for nothing
the message used to come the day before
I had to call and ask for the time
[login]
the login did not work {tries}
logging in to the app has not worked {since}
the login just keeps loading, I tried {n} times
the app logs me out as soon as I have logged in
I could not log in to the booking {tries}
identification with my bank codes fails {tries}
you have to log in again at every step
the login only shows an error {since}
[login2]
changing the password did not help
so I never got the time booked
in the end I had to call
the old version worked better
I reinstalled the whole app for nothing
[since]
since the update
since last week
since {weekday.bare}
since the new version
[tries]
despite several attempts
even though I tried {n} times
{weekday}
[mild]
the price could be a bit lower
I had to wait a little
a text message beforehand would have been nice
I was asked for the same details twice
the opening hours could be longer
it was a little hard to find a suitable time
the confirmation could have come a bit earlier
[brief.high]
3* Good service
3* All good
2* Thank you
2* Worked well
2* Quick and easy
2* Everything went well.
No complaints
Excellent service
Very good
Very happy
Thanks {name}
Best service in a long time
Friendly service, thanks
Keep it up
Smooth as always
[brief.middle]
2* It was ok
2* Average
So so
Nothing special
Ok, no complaints
There is room for improvement.
[brief.low]
2* Bad service
2* Does not work
Disappointing
Would not recommend
Really poor
Not like this.
I want my money back
Below all standards
I expected more
Never again
[cheer]
Thank you!
Wonderful!
Great work.
Everything went smoothly.
I am {very} happy.
Five star service.
This is how it should be.
Thanks to {name}.
[thanks]
Thank you!
Big thanks to {name}.
Thanks for the good service.
Many thanks to the whole team.
Thanks and all the best.
Say hello to {name}!
{^name} deserves special thanks.
[again]
I will definitely use you again.
I will recommend you to my neighbours.
I have already told my sister about you.
Can only recommend.
I will surely order again.
[angry]
I would not recommend this to anyone.
Never again.
I am changing company.
I will not pay the full price for this.
Quite a disappointment.
This is not how you treat people.
Next time I will call someone else.
We were customers for {n} years, not any more.
I expected better from you.
[wish]
I hope this gets better.
Please put more effort into this.
I hope for better next time.
A short text message would have been enough.
It would be nice to hear how things are going.
There is something to learn here.
Could this be made simpler?
Please fix this.
[contact]
4* Please call me at {phone}.
3* You can reach me at {phone}.
2* I am waiting to hear from you. {signed}
2* Could you call me back?
2* I hope someone will contact me.
My number is {phone}, afternoons are best.
[signed]
Regards, {signer}
Best regards, {signer} {surname}
[signer]
Amina
Daniel
Priya
Thomas
Lucia
Omar
[surname]
Okafor
Sharma
Novak
Hughes
Moreno
[phone]
+46 70 174 06 {n}{d}
+467017406{n}{d}
[fine]
all went well
it was fine
I am happy
the service was good
things work
[very]
2* really
2* very
extremely
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
on Monday
on Tuesday
on Wednesday
on Thursday
on Friday
on Saturday
last week
[weekday.bare]
Monday
Tuesday
Wednesday
Thursday
Friday
[fast]
right away
quickly
in under a minute
in a couple of minutes
surprisingly fast
[soon]
quickly
on the same day
on the very next day
[long]
over an hour
almost two hours
half an hour
an hour and a half
a good hour
2* {ten} minutes
[ten]
25
35
40
45
50
55
[days]
a week
three days
two weeks
a week and a half
almost a month
four days
a whole week
[ontime]
exactly at the agreed time
on time
just when promised
right on the minute
on time {weekday}
a little early
[friendly]
friendly
kind
polite
helpful
calm
professional
considerate
[friendly2]
cheerful
skilled
reliable
patient
[rude]
rude
indifferent
rushed
short with me
arrogant
[money]
{ten} euros
{n}{d} euros
almost a hundred euros
{n}{d}.{d}0 euros
[clean]
the kitchen
the bathroom
the hallway
the sauna
the toilet
"""

ENGLISH = (_SENTENCES + PRAISE + BLAME, _WORDS)
