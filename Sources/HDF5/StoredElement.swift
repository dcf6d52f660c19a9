/// A Swift number whose arrays have the same bytes in memory as in a file.
public protocol StoredElement: BitwiseCopyable, Sendable {
    /// The type in the file: one of the numbers, of the same size.
    static var elementType: ElementType { get }
}

extension Float: StoredElement {
    public static var elementType: ElementType { .float32 }
}

extension Double: StoredElement {
    public static var elementType: ElementType { .float64 }
}

extension Int64: StoredElement {
    public static var elementType: ElementType { .int64 }
}

extension UInt64: StoredElement {
    public static var elementType: ElementType { .uint64 }
}
