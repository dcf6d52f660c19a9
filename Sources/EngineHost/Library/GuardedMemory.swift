internal import CChildProcess
internal import Conformance
internal import Convolution
internal import Glibc

/// Memory for a library to work on, between pages that may not be touched: it ends where one begins, or begins where one
/// ends.
///
/// What is left of its own pages is filled, and looked at afterwards. When it is gone, whoever still touches it is found out.
final class GuardedMemory {
    /// Which side lies against a page.
    enum Placement {
        case end, start

        var other: Placement { self == .end ? .start : .end }
    }

    /// What memory can be, in reports.
    enum Name: Int, CaseIterable {
        case input, filter, bias, output, message
        case inputZeroPoints, inputScales, filterZeroPoints, filterScales, outputZeroPoints, outputScales

        init(_ role: Role) {
            self =
                switch role {
                case .input: .input
                case .filter: .filter
                case .bias: .bias
                case .output: .output
                }
        }

        var text: String {
            switch self {
            case .inputZeroPoints: "input's zero points"
            case .inputScales: "input's scales"
            case .filterZeroPoints: "filter's zero points"
            case .filterScales: "filter's scales"
            case .outputZeroPoints: "output's zero points"
            case .outputScales: "output's scales"
            default: "\(self)"
            }
        }
    }

    /// What the library is given.
    let bytes: UnsafeMutableRawBufferPointer
    private let name: Name
    private let pages: UnsafeMutableRawBufferPointer
    private let filling: Unwritten

    /// Memory whose bytes have any value; `nil` where there is not so much.
    ///
    /// - Parameters:
    ///   - alignment: a power of 2 of which its address is a multiple, at most a page.
    ///   - type: of the numbers that lie in it; what is left of its pages is filled with the pattern of those unwritten.
    init?(_ name: Name, count: Int, of type: ElementType, alignment: Int, placement: Placement) {
        let page = Int(getpagesize())
        guard count <= Int.max / 2 else { return nil }
        let size = max((count + page - 1) & -page, page)
        let offset = placement == .start ? 0 : (size - count) & -alignment
        guard let start = cguard_map(size, offset, count, Int32(name.rawValue)) else { return nil }
        self.name = name
        pages = UnsafeMutableRawBufferPointer(start: start, count: size)
        bytes = UnsafeMutableRawBufferPointer(rebasing: pages.dropFirst(offset).prefix(count))
        filling = Unwritten(type)
        for rest in [before, behind] { filling.fill(rest) }
    }

    deinit {
        cguard_release(pages.baseAddress)
    }

    private var start: Int { bytes.baseAddress.map { $0 - pages.baseAddress! } ?? 0 }
    private var before: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(rebasing: pages.prefix(start)) }
    private var behind: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: pages.dropFirst(start + bytes.count))
    }

    /// Where somebody wrote beside the memory without leaving its pages, or `nil` where nobody did.
    var trespass: MemoryTouch? {
        if let place = filling.firstChange(in: before) {
            return MemoryTouch(.write, .before, name.text, distance: before.count - place)
        }
        return filling.firstChange(in: behind).map { MemoryTouch(.write, .behind, name.text, distance: $0) }
    }
}
