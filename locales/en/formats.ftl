# Dates, durations and sizes.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
time-now = just now
time-past-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
time-past-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
time-past-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
time-future-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
time-future-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
time-future-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
duration-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
duration-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
size-bytes = { $size } B
size-kilobytes = { $size } KB
size-megabytes = { $size } MB
zone-MSK = MSK
