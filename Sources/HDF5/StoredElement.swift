/// A Swift number whose arrays have the same bytes in memory as in a file.
public protocol StoredElement: BitwiseCopyable, Sendable {
    /// The type in the file: one of the numbers, of the same size.
    static var storedType: StoredType { get }
}

extension Float: StoredElement {
    public static var storedType: StoredType { .float32 }
}

extension Double: StoredElement {
    public static var storedType: StoredType { .float64 }
}

extension Int64: StoredElement {
    public static var storedType: StoredType { .int64 }
}

extension UInt64: StoredElement {
    public static var storedType: StoredType { .uint64 }
}

extension Float16: StoredElement {
    public static var storedType: StoredType { .float16 }
}

extension Int8: StoredElement {
    public static var storedType: StoredType { .int8 }
}

extension UInt8: StoredElement {
    public static var storedType: StoredType { .uint8 }
}

extension Int32: StoredElement {
    public static var storedType: StoredType { .int32 }
}
