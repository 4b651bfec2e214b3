package smpp

import (
	"fmt"

	"github.com/kabar-prokus/kabar/channels"
)

// Values of command_status that have a name here (section 5.1.3).
const (
	statusOK            uint32 = 0x00
	statusBadLength     uint32 = 0x02
	statusBadCommand    uint32 = 0x03
	statusAlreadyBound  uint32 = 0x05
	statusBindFailed    uint32 = 0x0D
	statusBadPassword   uint32 = 0x0E
	statusBadSystemID   uint32 = 0x0F
	statusBadSystemType uint32 = 0x53
	statusThrottled     uint32 = 0x58
	statusTryLater      uint32 = 0x64 // ESME_RX_T_APPN: we could not keep it, send it again
	statusNever         uint32 = 0x65 // ESME_RX_P_APPN: it cannot be read, do not send it again
)

// KindOfStatus classes the command_status of a refused submit_sm; ok is false for one that this list does not know, such
// as an operator's own (0x400 and above). The centre has answered, so it has not taken the message.
func KindOfStatus(status uint32) (kind channels.ErrorKind, ok bool) {
	switch status {
	case 0x14, statusThrottled: // RMSGQFUL, RTHROTTLED
		return channels.Throttled, true
	case 0x01, 0x02, 0x03, 0x0B, 0x0C, 0x33, 0x50, 0x51, 0x61, 0x62: // lengths, destination, schedule, expiry
		return channels.Invalid, true
	case statusNever, 0x66: // RX_P_APPN, RX_R_APPN
		return channels.Invalid, true
	case 0xC0, 0xC1, 0xC2, 0xC3, 0xC4: // optional parameters
		return channels.Invalid, true
	case 0x06, 0x07, 0x0A, statusBindFailed, statusBadPassword, statusBadSystemID, 0x15, 0x43, 0x48, 0x49, statusBadSystemType:
		// flags, our sender's address or type, service type, credentials: about us, not about this message
		return channels.Misconfig, true
	case 0x04, statusAlreadyBound, 0x08, 0x45, statusTryLater, 0xFE, 0xFF: // not bound, system error, submit failed, RX_T_APPN
		return channels.Temporary, true
	}
	return "", false
}

// codeOf is a command_status as the page "why did she not get it?" shows it.
func codeOf(status uint32) string { return fmt.Sprintf("0x%02X", status) }

// refused makes an error of a command_status.
func refused(status uint32) *channels.SendError {
	kind, ok := KindOfStatus(status)
	if !ok {
		kind = channels.Temporary
	}
	return &channels.SendError{Kind: kind, Code: codeOf(status), Err: fmt.Errorf("smpp: the centre refused with %s", codeOf(status))}
}

// credentials says whether a refused bind is about who we are: nothing gets better by trying soon.
func credentials(status uint32) bool {
	switch status {
	case statusBindFailed, statusBadPassword, statusBadSystemID, statusBadSystemType:
		return true
	}
	return false
}
