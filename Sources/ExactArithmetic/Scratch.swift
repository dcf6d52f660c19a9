/// Memory for intermediate results, given back at the end of its life.
package struct Scratch<Element>: ~Copyable {
    package let pointer: UnsafeMutablePointer<Element>
    package let count: Int

    package init(repeating value: Element, count: Int) {
        self.count = count
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: value, count: count)
    }

    /// Memory that holds nothing yet.
    package init(count: Int) where Element: BitwiseCopyable {
        self.count = count
        pointer = .allocate(capacity: count)
    }

    deinit {
        pointer.deinitialize(count: count)
        pointer.deallocate()
    }

    /// Sets every element.
    package func fill(with value: Element) {
        pointer.update(repeating: value, count: count)
    }
}
