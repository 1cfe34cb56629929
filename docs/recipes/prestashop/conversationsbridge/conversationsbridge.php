<?php
/**
 * Tells Conversations Bridge when an order gets a new state or a tracking number. PrestaShop 1.7.6 to 9.
 */

if (!defined('_PS_VERSION_')) {
    exit;
}

require_once __DIR__ . '/src/event.php';

class ConversationsBridge extends Module
{
    const URL = 'CONVERSATIONSBRIDGE_URL';
    const SECRET = 'CONVERSATIONSBRIDGE_SECRET';
    const VISITOR_ID_SECRET = 'CONVERSATIONSBRIDGE_VISITOR_ID';
    const LABELS = [
        self::URL => 'URL of the bridge (https://…/webhooks/standard)',
        self::SECRET => 'Secret of webhooks.standard (whsec_…)',
        self::VISITOR_ID_SECRET => 'visitorIdSecret',
    ];

    /** @var callable[] */
    private static $pending = [];

    public function __construct()
    {
        $this->name = 'conversationsbridge';
        $this->tab = 'front_office_features';
        $this->version = '1.0.0';
        $this->author = 'Conversations Bridge';
        $this->need_instance = 0;
        $this->ps_versions_compliancy = ['min' => '1.7.6.0', 'max' => '9.99.99'];
        $this->bootstrap = true;
        parent::__construct();
        $this->displayName = 'Conversations Bridge';
        $this->description = 'Customers read about their orders in your Brevo chat.';
    }

    public function install()
    {
        return parent::install()
            && $this->registerHook('actionOrderHistoryAddAfter')
            && $this->registerHook('actionAdminOrdersTrackingNumberUpdate')
            && $this->registerHook('displayHeader');
    }

    public function uninstall()
    {
        foreach (array_keys(self::LABELS) as $key) {
            Configuration::deleteByName($key);
        }
        return parent::uninstall();
    }

    /** An order has a new state. */
    public function hookActionOrderHistoryAddAfter($params)
    {
        $this->afterThePage(function () use ($params) {
            $history = $params['order_history'];
            $order = new Order((int) $history->id_order);
            $state = new OrderState((int) $history->id_order_state);
            $flags = [
                'id' => $state->id,
                'shipped' => $state->shipped,
                'delivery' => $state->delivery,
                'paid' => $state->paid,
            ];
            $status = \ConversationsBridge\statusOf($flags, ['Configuration', 'get']);
            $at = strtotime((string) $history->date_add);
            $this->send($order, 'history_' . $history->id, $status, $at > 0 ? $at : time());
        });
    }

    /** The back office has saved a tracking number, and told the customer by e-mail. */
    public function hookActionAdminOrdersTrackingNumberUpdate($params)
    {
        $now = time();
        $this->afterThePage(function () use ($params, $now) {
            $order = new Order((int) $params['order']->id);
            $this->send($order, 'tracking_' . sha1((string) $order->getWsShippingNumber()), 'shipped', $now);
        });
    }

    /** Tells the chat who the customer is. A guest is known until the session ends. */
    public function hookDisplayHeader()
    {
        try {
            $secret = (string) Configuration::get(self::VISITOR_ID_SECRET);
            $customer = $this->context->customer;
            if ($secret === '' || !$customer->isLogged(true)) {
                return '';
            }
            $id = \ConversationsBridge\visitorId($customer->id, $secret);
            return "<script>window.BrevoConversationsSetup = { visitorId: '$id' };</script>";
        } catch (Throwable $error) {
            return '';
        }
    }

    private function send(Order $order, $what, $status, $at)
    {
        $setting = function ($key) use ($order) {
            return (string) Configuration::get($key, null, null, (int) $order->id_shop);
        };
        if (!$order->id || $setting(self::URL) === '') {
            return;
        }
        $language = new Language((int) $order->id_lang);
        $currency = new Currency((int) $order->id_currency);
        $carrier = new Carrier((int) $order->id_carrier);
        $body = \ConversationsBridge\bodyOf([
            'id' => $order->id,
            'reference' => $order->reference,
            'status' => $status,
            'at' => $at,
            'idCustomer' => $order->id_customer,
            'locale' => $language->locale,
            'currency' => $currency->iso_code,
            'total' => $order->total_paid,
            'carrier' => $carrier->name,
            'trackingNumber' => $order->getWsShippingNumber(),
            'trackingPattern' => $carrier->url,
        ]);
        $id = 'prestashop_order_' . $order->id . '_' . $what;
        \ConversationsBridge\post($setting(self::URL), $setting(self::SECRET), $id, $body);
    }

    /** Leaves everything for when the page is out: even reading the order. */
    private function afterThePage(callable $send)
    {
        if (self::$pending === []) {
            register_shutdown_function([__CLASS__, 'sendPending']);
        }
        self::$pending[] = $send;
    }

    /** PHP calls this as it ends. Nothing that goes wrong here reaches the shop. */
    public static function sendPending()
    {
        $isOut = false;
        try {
            $isOut = self::finishPage();
        } catch (Throwable $error) {
            // The page goes out when PHP has ended.
        }
        // A bridge that is down or slow must neither keep a customer waiting, nor a process busy.
        $until = microtime(true) + ($isOut ? 30 : 2);
        while (self::$pending !== [] && microtime(true) < $until) {
            $send = array_shift(self::$pending);
            try {
                $send();
            } catch (Throwable $error) {
                self::log($error->getMessage());
            }
        }
        if (self::$pending !== []) {
            self::log(count(self::$pending) . ' more are lost: the bridge takes too long');
        }
        self::$pending = [];
    }

    /** @return bool whether the customer has the page */
    private static function finishPage()
    {
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $finish) {
            if (function_exists($finish)) {
                // Else PrestaShop's cookie would be written by its destructor, when the headers are gone.
                Context::getContext()->cookie->write();
                // An open session would keep the customer's next page waiting.
                session_write_close();
                return $finish();
            }
        }
        return false;
    }

    private static function log($message)
    {
        try {
            PrestaShopLogger::addLog('Conversations Bridge: ' . $message, 2);
        } catch (Throwable $error) {
            // There is nobody left to tell.
        }
    }

    /** Modules > Configure. */
    public function getContent()
    {
        $message = '';
        if (Tools::isSubmit('submit' . $this->name)) {
            foreach (array_keys(self::LABELS) as $key) {
                Configuration::updateValue($key, trim((string) Tools::getValue($key)));
            }
            $message = $this->displayConfirmation('Saved.') . $this->check();
        }
        $helper = new HelperForm();
        $helper->table = $this->table;
        $helper->name_controller = $this->name;
        $helper->token = Tools::getAdminTokenLite('AdminModules');
        $helper->currentIndex = AdminController::$currentIndex . '&configure=' . $this->name;
        $helper->submit_action = 'submit' . $this->name;
        $helper->default_form_language = (int) Configuration::get('PS_LANG_DEFAULT');
        $inputs = [];
        foreach (self::LABELS as $key => $label) {
            $inputs[] = ['type' => 'text', 'name' => $key, 'label' => $label];
            $helper->fields_value[$key] = Configuration::get($key);
        }
        $form = ['legend' => ['title' => $this->displayName], 'input' => $inputs, 'submit' => ['title' => 'Save']];
        return $message . $helper->generateForm([['form' => $form]]);
    }

    private function check()
    {
        try {
            \ConversationsBridge\signedHeaders('check', time(), '', (string) Configuration::get(self::SECRET));
            return '';
        } catch (InvalidArgumentException $error) {
            return $this->displayError($error->getMessage());
        }
    }
}
