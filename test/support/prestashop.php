<?php
/**
 * As much of PrestaShop as the module of docs/recipes touches. A page of the shop: it installs the module, calls the
 * hooks that SHOP names, shows itself, and ends. Everything that happens is on stdout, in order.
 */

define('_PS_VERSION_', '8.2.0');
$shop = json_decode(getenv('SHOP'), true);

if ($shop['finishes']) {
    function fastcgi_finish_request()
    {
        echo '[page is out]';
        return true;
    }
}

#[AllowDynamicProperties]
class Module
{
    public $context;

    public function __construct()
    {
        $this->context = Context::getContext();
    }
}

class Context
{
    public $cookie;
    public $customer;

    public static function getContext()
    {
        $context = new self();
        $context->cookie = new Cookie();
        $context->customer = new Customer();
        return $context;
    }
}

class Cookie
{
    public function write()
    {
        echo '[cookie]';
    }
}

class Customer
{
    public $id = 7;

    public function isLogged($withGuest)
    {
        return $withGuest;
    }
}

class Configuration
{
    public static function get($key)
    {
        return $GLOBALS['shop']['configuration'][$key] ?? false;
    }
}

#[AllowDynamicProperties]
class ObjectModel
{
    public $id;

    public function __construct($id)
    {
        $class = get_class($this);
        if (!isset($GLOBALS['shop'][$class])) {
            throw new Exception("$class cannot be read");
        }
        $this->id = $id;
        foreach ($GLOBALS['shop'][$class] as $name => $value) {
            $this->$name = $value;
        }
    }
}

class Order extends ObjectModel
{
    public function getWsShippingNumber()
    {
        return $this->number;
    }
}

class OrderState extends ObjectModel
{
}

class Language extends ObjectModel
{
}

class Currency extends ObjectModel
{
}

class Carrier extends ObjectModel
{
}

class PrestaShopLogger
{
    public static function addLog($message)
    {
        echo "\n$message";
        throw new Exception('the log is full');
    }
}

error_reporting(E_ALL);
ini_set('display_errors', 'stdout');
date_default_timezone_set('Europe/Paris');
require dirname(__DIR__, 2) . '/docs/recipes/prestashop/conversationsbridge/conversationsbridge.php';

$module = new ConversationsBridge();
foreach ($shop['hooks'] as $hook) {
    $parameters = array_map(function ($fields) {
        return (object) $fields;
    }, $hook['parameters']);
    echo $module->{'hook' . $hook['name']}($parameters);
}
echo '[page]';
