package mail

import (
	"errors"
	"fmt"
	"net/textproto"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// CDO's numbers, as cdosyserr.h of the Platform SDK has them.
const (
	serverRequired     variant.HRESULT = -0x7ffbfdf6 // CDO_E_SMTP_SERVER_REQUIRED, 0x8004020A (KB 265527)
	recipientMissing   variant.HRESULT = -0x7ffbfdf4 // CDO_E_RECIPIENT_MISSING, 0x8004020C
	fromMissing        variant.HRESULT = -0x7ffbfdf3 // CDO_E_FROM_MISSING, 0x8004020D
	senderRejected     variant.HRESULT = -0x7ffbfdf2 // CDO_E_SENDER_REJECTED, 0x8004020E
	recipientsRejected variant.HRESULT = -0x7ffbfdf1 // CDO_E_RECIPIENTS_REJECTED, 0x8004020F
	sendFailed         variant.HRESULT = -0x7ffbfdef // CDO_E_SMTP_SEND_FAILED, 0x80040211
	connectionDropped  variant.HRESULT = -0x7ffbfdee // CDO_E_CONNECTION_DROPPED, 0x80040212
	failedToConnect    variant.HRESULT = -0x7ffbfded // CDO_E_FAILED_TO_CONNECT, 0x80040213
	logonFailure       variant.HRESULT = -0x7ffbfde9 // CDO_E_LOGON_FAILURE, 0x80040217
	invalidSendUsing   variant.HRESULT = -0x7ffbfde0 // CDO_E_INVALID_SEND_USING, 0x80040220

	invalidObject variant.HRESULT = -0x7ffbfef8 // CdoE_INVALID_OBJECT, 0x80040108
)

// texts are what they say. %s is the server's answer.
var texts = map[variant.HRESULT]string{
	serverRequired:     "The SMTP server name is required, and was not found in the configuration source.",
	recipientMissing:   "At least one recipient is required, but none were found.",
	fromMissing:        "At least one of the From or Sender fields is required, and neither was found.",
	senderRejected:     "The server rejected the sender address. The server response was: %s",
	recipientsRejected: "The server rejected one or more recipient addresses. The server response was: %s",
	sendFailed:         "The message could not be sent to the SMTP server. The server response was: %s",
	connectionDropped:  "The connection to the server was lost.",
	failedToConnect:    "The transport failed to connect to the server.",
	logonFailure:       "The transport was unable to log on to the server.",
	invalidSendUsing:   `The "SendUsing" configuration value is invalid.`,
	invalidObject:      "The object is not valid any more: a NewMail sends one message.",
}

// failure is an error of CDO's. What is behind it is for the log: it names
// addresses of servers.
func failure(number variant.HRESULT, behind error) *component.Error {
	text := texts[number]
	switch number {
	case senderRejected, recipientsRejected, sendFailed:
		text = fmt.Sprintf(text, response(behind))
	}
	return &component.Error{Number: number, Description: text, Err: behind}
}

// response is what a server said, or why it said nothing.
func response(err error) string {
	var said *textproto.Error
	if errors.As(err, &said) {
		return fmt.Sprintf("%d %s", said.Code, said.Msg)
	}
	return "not available"
}
