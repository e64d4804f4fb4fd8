// <vernis-compare>: a slider for the strip that page.css scrolls by itself, dragging with a mouse, and one word to the
// server when somebody compares. Without this file the strip is scrolled by finger, bar or arrow keys.

const AT_FIRST = 0.5 // of the picture that shows "before"

class Compare extends HTMLElement {
  connectedCallback () {
    this.strip = this.querySelector('.scroller')
    this.slide = document.createElement('input')
    Object.assign(this.slide, { type: 'range', className: 'slide', min: 0, max: 100, step: 1 })
    this.slide.setAttribute('aria-label', this.dataset.label)
    this.strip.tabIndex = -1 // the slider is what the keyboard reaches
    this.classList.add('live')
    this.append(this.slide)
    this.slide.addEventListener('input', () => { this.show(this.slide.value / 100); this.tell() })
    this.strip.addEventListener('scroll', () => this.follow(), { passive: true })
    this.strip.addEventListener('pointerdown', event => this.hold(event))
    this.strip.addEventListener('touchstart', () => this.tell(), { passive: true, once: true })
    new ResizeObserver(() => this.show(this.share ?? AT_FIRST)).observe(this.strip)
  }

  // share: of the picture that shows "before", from 0 to 1
  show (share) {
    this.share = Math.min(1, Math.max(0, share))
    this.width = this.strip.clientWidth
    this.strip.scrollLeft = -this.share * this.width
    this.describe()
  }

  follow () {
    if (!this.width || this.width !== this.strip.clientWidth) return // the page is being turned: the observer comes
    this.share = Math.min(1, Math.max(0, -this.strip.scrollLeft / this.width))
    this.describe()
  }

  describe () {
    const before = Math.round(this.share * 100)
    if (Number(this.slide.value) !== before) this.slide.value = before
    this.slide.setAttribute('aria-valuetext', `${this.dataset.before} ${before} %, ${this.dataset.after} ${100 - before} %`)
  }

  // A finger scrolls the strip by itself; a mouse holds the line.
  hold (event) {
    if (event.pointerType === 'touch' || event.button !== 0) return
    event.preventDefault()
    const box = this.strip.getBoundingClientRect()
    const move = at => this.show((at.clientX - box.left) / box.width)
    const end = () => this.strip.removeEventListener('pointermove', move)
    this.strip.setPointerCapture(event.pointerId)
    this.strip.addEventListener('pointermove', move)
    this.strip.addEventListener('pointerup', end, { once: true })
    this.strip.addEventListener('pointercancel', end, { once: true })
    move(event)
    this.tell()
  }

  tell () {
    if (this.told) return
    this.told = true
    navigator.sendBeacon(this.dataset.slid)
  }
}

customElements.define('vernis-compare', Compare)
