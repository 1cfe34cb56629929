<?php
/**
 * What is sent, and how it is signed and posted. Knows nothing of PrestaShop. PHP 7.2 to 8.4.
 */

namespace ConversationsBridge;

/** What PrestaShop's own states mean, by the configuration key that holds the id of the state. */
const STATUSES = [
    'PS_OS_CHEQUE' => 'pending',
    'PS_OS_BANKWIRE' => 'pending',
    'PS_OS_COD_VALIDATION' => 'pending',
    'PS_OS_OUTOFSTOCK_UNPAID' => 'pending',
    'PS_OS_ERROR' => 'payment_failed',
    'PS_OS_PAYMENT' => 'paid',
    'PS_OS_WS_PAYMENT' => 'paid',
    'PS_OS_PREPARATION' => 'processing',
    'PS_OS_OUTOFSTOCK_PAID' => 'delayed',
    'PS_OS_SHIPPING' => 'shipped',
    'PS_OS_DELIVERED' => 'delivered',
    'PS_OS_CANCELED' => 'cancelled',
    'PS_OS_REFUND' => 'refunded',
];

/**
 * A state of the shop's own is known by its flags. One without flags is named by its id, for the bridge's statusMap.
 *
 * @param array $state `id`, and the flags `shipped`, `delivery` and `paid`
 * @param callable $idUnder the id of the state that a configuration key names
 */
function statusOf(array $state, callable $idUnder)
{
    foreach (STATUSES as $key => $status) {
        if ((int) $idUnder($key) === (int) $state['id']) {
            return $status;
        }
    }
    foreach (['shipped' => 'shipped', 'delivery' => 'processing', 'paid' => 'paid'] as $flag => $status) {
        if ($state[$flag]) {
            return $status;
        }
    }
    return 'prestashop_state_' . (int) $state['id'];
}

/** The customer as the bridge knows them. The prefix keeps them apart from customers of other systems. */
function customerId($id)
{
    return 'prestashop:' . (int) $id;
}

/**
 * The visitor id of a customer in the chat. Whoever knows it can read the conversation, so it depends on a secret.
 */
function visitorId($idCustomer, $visitorIdSecret)
{
    return hash_hmac('sha256', customerId($idCustomer), $visitorIdSecret);
}

/**
 * The body of an event: https://www.standardwebhooks.com
 *
 * @param array $order `id`, `reference`, `status`, `at` (seconds since 1970), `idCustomer`, `locale`, `currency`,
 *                     `total`, `carrier`, `trackingNumber`, and `trackingPattern`, which has an @ for the number
 */
function bodyOf(array $order)
{
    $at = gmdate('Y-m-d\TH:i:s\Z', $order['at']);
    $number = trim((string) $order['trackingNumber']);
    $url = $number === '' ? '' : str_replace('@', rawurlencode($number), trim((string) $order['trackingPattern']));
    $isLink = preg_match('~^https?://~i', $url) && filter_var($url, FILTER_VALIDATE_URL) !== false;
    $data = [
        'orderId' => (string) $order['id'],
        'orderNumber' => trim((string) $order['reference']),
        'status' => $order['status'],
        'occurredAt' => $at,
        'customerId' => $order['idCustomer'] > 0 ? customerId($order['idCustomer']) : '',
        'locale' => trim((string) $order['locale']),
        'currency' => strtoupper(trim((string) $order['currency'])),
        'total' => number_format((float) $order['total'], 6, '.', ''),
        'carrier' => trim((string) $order['carrier']),
        'trackingNumber' => $number,
        'trackingUrl' => $isLink ? $url : '',
    ];
    $event = ['type' => 'order.status_changed', 'timestamp' => $at, 'data' => array_filter($data, 'strlen')];
    return json_encode($event, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
}

/**
 * @param string $secret `whsec_` and the key in Base64
 * @param int $now seconds since 1970
 *
 * @throws \InvalidArgumentException if the secret is anything else
 */
function signedHeaders($id, $now, $body, $secret)
{
    $key = strpos($secret, 'whsec_') === 0 ? base64_decode(substr($secret, 6), true) : false;
    if ($key === false || $key === '') {
        throw new \InvalidArgumentException('the secret must be whsec_ and Base64');
    }
    return [
        'content-type: application/json',
        'webhook-id: ' . $id,
        'webhook-timestamp: ' . $now,
        'webhook-signature: v1,' . base64_encode(hash_hmac('sha256', "$id.$now.$body", $key, true)),
    ];
}

/**
 * Signs a body and posts it, within two seconds. (With less than two, a libcurl without asynchronous DNS fails at once.)
 *
 * @param string $id the same for each attempt to send this event
 *
 * @throws \RuntimeException unless the bridge has accepted it
 */
function post($url, $secret, $id, $body)
{
    $curl = curl_init();
    curl_setopt_array($curl, [
        CURLOPT_URL => $url,
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => signedHeaders($id, time(), $body, $secret),
        CURLOPT_TIMEOUT => 2,
        CURLOPT_RETURNTRANSFER => true,
    ]);
    $answer = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    if ($answer === false || $status < 200 || $status > 299) {
        $reason = $answer === false ? curl_error($curl) : "answered $status " . substr($answer, 0, 500);
        throw new \RuntimeException("$id is lost: $reason");
    }
}
