"""What is praised in English, theme by theme; a setting's own words come before the theme's."""

PRAISE = """
[good.waiting]
the answer came {fast}
I did not have to wait
everything was done quickly
it was sorted the same day
[good.waiting.phone]
my call was answered {fast}
I got through {fast}
there was hardly any queue
the queue moved surprisingly fast
{who} answered {fast}
you called back as promised
[good.waiting.chat]
{who} answered {fast}
there was no waiting in the chat
I got my answer {fast}
[good.waiting.visit]
3* {who} came {ontime}
2* {who} arrived {ontime}
I got a time for the same week
the schedule held
{who} called ahead before arriving
the work was finished sooner than I expected
[good.waiting.cleaning]
3* {who} came {ontime}
the agreed time held
I got a cleaning for the same week
{who} was there {ontime}
[good.waiting.care]
3* {who} came {ontime}
there was enough time for the visit
{who} was not in a hurry and had time to talk
the schedule has held well
[good.waiting.meeting]
{who} came {ontime}
we could meet in the same week
enough time was reserved for us
[good.waiting.booking]
there were plenty of free times
I got a time for the very next day
I did not have to wait weeks for a time
[good.waiting.app]
the app opens fast
my message was answered {fast}
[good.staff]
3* {who} was {very} {friendly}
2* {who} was {friendly} and {friendly2}
{who} listened patiently
{who} took the time to understand my situation
I got {very} friendly service
{who} answered all my questions
I was treated well
it was easy to deal with {who:obj}
[good.staff.visit]
3* {who} was {very} {friendly}
{who} {name} was {very} {friendly}
{who} was nice to our dog too
{who} protected the floors and cleaned up afterwards
it was easy to agree on things with {who:obj}
{who} answered all my questions
[good.staff.cleaning]
2* {who} was {very} {friendly}
{name} is just lovely
{who} was kind to our cat as well
it was easy to talk about our wishes
having the same cleaner every time matters a lot to us
[good.staff.care]
3* {who} was {very} {friendly}
{name} is familiar and safe for my father
{who} treated my mother with dignity
my mother always looks forward to seeing {name}
{who} talked and listened
{who} noticed at once that I needed help
[good.staff.relation]
{who} is {friendly} and {friendly2}
it is easy to deal with you
{who} really is {friendly}
one always gets {very} friendly service
{name} remembers us by name
[good.competence]
{who} knew the subject well
{who} understood at once what it was about
the solution was found quickly
I got clear advice
the problem was solved in one go
{who} had the right answers
[good.competence.visit]
{who} knew the job
the result was {very} tidy
{device} was installed carefully
{device} works as it should
{who} noticed an old fault and fixed that as well
{who} had everything under control
everything was finished in one visit
the cables were hidden {very} neatly
[good.competence.cleaning]
2* the result was {very} good
the home smelled fresh
{clean} was cleaned {very} carefully
{clean} was shining
{who} remembered the corners too
the work was done thoroughly
[good.competence.care]
{who} knew the job
{who} did everything calmly and surely
the medicines were handled with care
{who} noticed a change in my mother's condition
my father is clearly doing better
[good.competence.relation]
the quality of the work is even and good
your people know their work
problems are usually solved in one go
[good.information]
I got clear instructions
the information came in time
everything was explained clearly
I knew all the time what was going on
the instructions were clear
I got all the information I needed
[good.information.delivery]
it was easy to follow the delivery
the text message came well in advance
{who} called before arriving
I knew all the time where the parcel was
[good.information.visit]
{who} showed step by step how to use {device}
I got clear instructions for {device}
the text message came well before the visit
{who} explained clearly what was done and why
[good.information.invoice]
the invoice was clear
the breakdown was easy to understand
you see at once what you pay for
everything was {very} clearly itemised
[good.information.plan]
the plan was {very} clear
the plan shows who comes and when
the options were explained well
we got the papers in English
[good.information.web]
the information was easy to find
the prices were clearly shown
the site is also in English
[good.information.order]
the confirmation came by email {fast}
all the details were on one page
[good.information.booking]
the reminder came by text the day before
the confirmation came {fast}
[good.price]
the price was fair
it was good value for money
the price held with no extras
I got what I paid for
the household tax deduction was handled too
[good.price.invoice]
the price matched the offer
the invoice was what we agreed
no surprises on the invoice
the household deduction was already calculated
paying was done {fast}
[good.delivery]
the delivery came {ontime}
{device} arrived in one piece
{who} carried everything inside
{who} took the old machine away
the delivery went just as promised
the parcel was well packed
{device} arrived in the same week
[good.product]
{device} is quiet and works well
{device} is exactly what I ordered
I am {very} happy with {device}
{device} has been worth the price
[good.digital]
{thing} works {very} well
{thing} is clear and simple
{thing} worked fine on my phone too
everything was done with a few taps
{thing} has clearly improved
I managed although I am not a computer person
[good.digital.booking]
I booked a time in a couple of minutes
booking was {very} easy
it was easy to move the time myself
I found a suitable time {fast}
booking worked fine on my phone too
[good.digital.order]
ordering was {very} easy
the order was done in a couple of minutes
I could order on my phone
paying went without problems
[good.digital.app]
{thing} works {very} well
{thing} is clear and simple
all messages are handily in one place
I can see the visits in the calendar
the reminders are useful
[good.digital.chat]
the chat was a handy way to sort this out
I got the whole chat by email
[good.digital.invoice]
the invoice came straight to my online bank
it was easy to switch to e-invoice
[good.digital.relation]
the app makes life easier
things are easy to handle online
[good.promises]
everything went as agreed
you kept your promises
what we agreed was handled {very} well
the promised call came {weekday}
[good.promises.relation]
I can trust what you promise
what is agreed holds
over the years everything has gone as agreed
[good.handoffs]
it was sorted with a single contact
I only had to explain it once
{who} saw it through to the end
the information had been passed on
[good.recovery]
the mistake was fixed {soon}
you apologised and compensated me
{who} called afterwards to check that all was well
I got a refund without a fight
the complaint was handled properly
{who} took it seriously
[good.recovery.relation]
mistakes have been fixed without fuss
when something went wrong, it was put right
"""
