/// Memory for intermediate results, given back at the end of its life.
struct Scratch<Element>: ~Copyable {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating value: Element, count: Int) {
        self.count = count
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: value, count: count)
    }

    deinit {
        pointer.deinitialize(count: count)
        pointer.deallocate()
    }

    /// Sets every element.
    func fill(with value: Element) {
        pointer.update(repeating: value, count: count)
    }
}
