-- Counts one request against every key, or against none when one of them is full.
-- KEYS: one a policy. ARGV: quota and window in microseconds for each key.
-- Kept under a key: "start before count", start in microseconds of Redis's own clock, so that processes with
-- different clocks agree. Returns admitted (0 or 1), then before, count and microseconds left for each key.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local admitted, found, answer = 1, {}, {}

for i, key in ipairs(KEYS) do
  local quota, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
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
  if before * left > (quota - count - 1) * window then
    admitted = 0
  end
  found[i] = {start, before, count, left, window}
end

answer[1] = admitted
for i, key in ipairs(KEYS) do
  local start, before, count, left, window = unpack(found[i])
  if admitted == 1 then
    count = count + 1
    local state = string.format('%.0f %d %d', start, before, count)
    redis.call('SET', key, state, 'PX', math.ceil(2 * window / 1000))
  end
  answer[#answer + 1] = before
  answer[#answer + 1] = count
  answer[#answer + 1] = left
end
return answer
