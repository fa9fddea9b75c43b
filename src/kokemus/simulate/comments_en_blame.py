"""What is blamed in English, theme by theme; a setting's own words come before the theme's."""

BLAME = """
[bad.waiting]
I had to wait {days} for an answer
the answer took {days}
nobody answered for {days}
it all moved painfully slowly
[bad.waiting.phone]
2* I was in the queue for {long}
I had to hold for {long}
it took {long} to get through
nobody ever called me back
I had to call {n} times before anyone answered
the call was cut off {n} times in the queue
[bad.waiting.chat]
I had to wait {long} in the chat
{who} answered only after {long}
the chat dropped {n} times while I waited
nobody answered although I waited {long}
[bad.waiting.visit]
3* {who} was {long} late
2* I waited {long} for {who:obj}
{who} did not come at the agreed time
the visit promised for {weekday.bare} was moved to the next week
I took a day off work for nothing
{who} was {long} late and did not tell me
we had to wait {days} for an installation time
[bad.waiting.cleaning]
3* {who} was {long} late
{who} did not come on the agreed day
the cleaning was skipped {weekday}
the visit was moved without telling us
I waited {long} for {who:obj}
[bad.waiting.care]
3* {who} was {long} late
{who} left before the time was up
the visit was skipped {weekday}
{who} is given too little time
my mother waited {long} for {who:obj}
[bad.waiting.meeting]
we had to wait {days} for the meeting
{who} was {long} late
the start was delayed by {days}
[bad.waiting.booking]
there were no free times for {days}
the first free time was a month away
I had to search {long} for a suitable time
[bad.waiting.app]
the app takes forever to open
my message was answered only after {days}
[bad.staff]
3* {who} was {rude}
{who} hardly listened
I felt like a disturbance
{who} had the wrong attitude
I was spoken to like a child
{who} did not seem to care
{who} did not even apologise
[bad.staff.visit]
2* {who} was {rude}
{who} left all the rubbish on the floor
{who} walked inside with shoes on
{who} did not even say hello
{who} was on the phone half of the time
[bad.staff.cleaning]
{who} was {rude}
there is a different cleaner every time
{who} did not listen to my wishes
{who} was clearly tired and in a bad mood
[bad.staff.care]
{who} was {rude}
2* there is a different carer every time
{who} did not even say hello
{who} looked at the phone more than at my mother
{who} talked about my mother as if she was not there
[bad.staff.relation]
{who} is too often {rude}
{who} changes all the time
you do not see familiar faces any more
nobody has time for the customer
[bad.competence]
{who} could not help
{who} did not know much about it
I got the wrong advice
the problem was not solved
{who} had to ask others about everything
I got {n} different answers to the same question
[bad.competence.visit]
{device} is not straight
{device} still does not work
{who} did not know the model
the work was left unfinished
there are extra holes in the wall
{who} had brought the wrong parts
the same work had to be done {n} times
nobody tested {device}
[bad.competence.cleaning]
{clean} was not cleaned at all
{clean} was only wiped quickly
there was dust left in the corners
the floors were sticky afterwards
{who} broke a vase and did not say so
the windows were left with streaks
the result depends on who comes
[bad.competence.care]
the medicines were mixed up
{who} did not know my father's care instructions
the shower was skipped again
the food was not warmed up
{who} asked the same things as the one before
[bad.competence.relation]
the quality of the work varies too much
the same mistakes happen again and again
I have to check everything myself
[bad.information]
the information did not reach me
nobody told me anything
the instructions were confusing
there was no message at all
I had to ask for everything myself
I was told contradictory things
everything came in Finnish only
[bad.information.delivery]
nobody told me the delivery time
the tracking code did not work
the text message came when {who} was already at the door
nobody could say anything about the delivery day
[bad.information.visit]
nobody showed me how to use {device}
the manual was in Finnish only
nobody told me what happens next
nobody told me when {who} would come
[bad.information.invoice]
the invoice makes no sense
there was no breakdown at all
it does not say what I am paying for
the new invoice is {very} confusing
the due date was hidden on the second page
the invoice came in Finnish only
[bad.information.plan]
the plan was full of difficult words
the plan does not show who comes and when
the plan came in Finnish only
the options were not explained
[bad.information.web]
the prices are nowhere to be found
the contact details were hidden
half of the pages are in Finnish only
[bad.information.order]
no confirmation came
the delivery fee appeared only at the end
[bad.price]
the price was too high
the final price was {money} more than the offer
the price went up again without explanation
I was charged {money} for travel
the price did not match the quality
[bad.price.invoice]
2* the invoice was {money} too high
I was charged twice
the invoice had work that was never done
the invoicing fee is outrageous
the invoice came {weekday} although I had already paid
I was charged {money} for travel that nobody mentioned
the total did not match the offer
the refund is still missing from the invoice
[bad.delivery]
the delivery was {days} late
{device} was damaged in transport
{who} left the parcel outside in the rain
{who} refused to carry it inside
the delivery went to the wrong address
part of the order was missing
the delivery promised for {weekday.bare} did not come
the parcel was torn
the old machine was not taken away
[bad.product]
{device} broke {after}
{device} makes a terrible noise
{device} was faulty from the start
{device} was not as described
{device} had to be adjusted {n} times
[after]
in the first week
after a couple of days
on first use
[bad.digital]
{thing} is slow and confusing
{thing} crashed {n} times
{thing} does not work on my phone
I had to enter the same details many times
{thing} showed errors without any explanation
[bad.digital.booking]
the calendar showed no free times
the booking disappeared after the confirmation
booking is {very} clumsy
it was not possible to cancel the time
the booking page crashed {n} times
the system booked the wrong day for me
[bad.digital.order]
the form went blank halfway through
the payment did not go through
I had to make the order {n} times
the address could not be corrected afterwards
the shop got stuck at the payment
[bad.digital.app]
{thing} crashes all the time
{thing} is slow and confusing
the notifications come {long} late
my messages disappeared from the app
{thing} eats the battery
the new look is confusing
[bad.digital.chat]
the chat dropped in the middle of everything
first I had to argue with a robot for {long}
[bad.digital.invoice]
the e-invoice did not come to my bank
the barcode did not work
the attachment would not open
[bad.digital.relation]
the app does not work properly
the online service is out of date
[bad.promises]
one thing was promised and another was done
the call promised for {weekday.bare} never came
what we agreed was not kept
the promised refund never came
{who} promised to get back to me but nothing happened
[bad.promises.relation]
you promise more than you can keep
promises are forgotten once the contract is signed
what we agree is not kept
[bad.handoffs]
I was sent from one department to another
I had to explain the same thing {n} times
nobody took responsibility
my call was transferred {n} times
the information does not pass between you and the subcontractor
everyone told me to call someone else
[bad.handoffs.visit]
the information did not pass between you and the subcontractor
the electrical company and you just blame each other
nobody had told {who:obj} what to do
[bad.handoffs.care]
the information does not pass from one carer to the next
every time we have to explain everything from the start
nothing about my mother had been written down
[bad.handoffs.chat]
I was sent from the chat to the phone and back
I had to explain the same thing {n} times
[bad.recovery]
my complaint has not been answered for {days}
the mistake has still not been fixed
I waited {days} for a refund
the fault was admitted only after a long fight
the compensation offered was ridiculous
{who} blamed me for the problem
I waited {days} for the repair visit
[bad.recovery.relation]
fixing mistakes takes far too long
complaints are not answered
"""
