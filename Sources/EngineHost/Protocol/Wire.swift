#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

#if !_endian(little)
    #error("tensors cross the pipe in little endian, as they lie in memory")
#endif

/// The engine protocol, version 1: lines of JSON, each followed by the raw tensors that it lists.
///
/// Tensors are little endian, in C order of the shape that is stated, without padding.
enum Wire {
    static let version = 1

    /// A message as a line, with its end.
    static func line(_ message: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try [UInt8](encoder.encode(message)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("a message of strings and finite numbers is always JSON: \(error)")
        }
    }

    /// The message in a line.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)``, which says what is wrong and shows the line.
    static func message<Message: Decodable>(
        _ type: Message.Type, in line: [UInt8], expected: String
    ) throws(ExchangeFailure) -> Message {
        do {
            return try JSONDecoder().decode(type, from: Data(line))
        } catch let error as DecodingError {
            throw .malformed("received \(excerpt(line)): \(error.sentence); expected \(expected)")
        } catch {
            throw .malformed("received \(excerpt(line)): \(error); expected \(expected)")
        }
    }
}
