-- Counts requests against their limits: each against all of its keys, or against none when one of them is full.
-- KEYS: the keys of every request, one request after the other. ARGV, three for each key: quota, window in
-- microseconds, and 1 when the key is its request's last.
-- Kept under a key: "start before count", start in microseconds of Redis's own clock, so that processes with
-- different clocks agree. Returns for each key: admitted (0 or 1), before, count, microseconds left.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer = {}

local function stand(key, quota, window)
  local start, before, count = string.match(redis.call('GET', key) or '', '(%d+) (%d+) (%d+)')
  start, before, count = tonumber(start) or now, tonumber(before) or 0, tonumber(count) or 0
  if now < start then
    start = now -- the clock was set back
  elseif now - start >= 2 * window then
    start, before, count = now, 0, 0
  elseif now - start >= window then
    start, before, count = start + window, count, 0
  end
  local left = window - (now - start)
  local room = before * left <= (quota - count - 1) * window
  return {key = key, start = start, before = before, count = count, left = left, window = window, room = room}
end

local function decide(standings)
  local admitted = 1
  for _, found in ipairs(standings) do
    if not found.room then admitted = 0 end
  end
  for _, found in ipairs(standings) do
    if admitted == 1 then
      found.count = found.count + 1
      local state = string.format('%.0f %d %d', found.start, found.before, found.count)
      redis.call('SET', found.key, state, 'PX', math.ceil(2 * found.window / 1000))
    end
    for _, number in ipairs({admitted, found.before, found.count, found.left}) do
      answer[#answer + 1] = number
    end
  end
end

local standings = {}
for i, key in ipairs(KEYS) do
  standings[#standings + 1] = stand(key, tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]))
  if ARGV[3 * i] == '1' then
    decide(standings)
    standings = {}
  end
end
return answer
